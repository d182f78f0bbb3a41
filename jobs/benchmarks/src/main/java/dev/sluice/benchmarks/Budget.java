package dev.sluice.benchmarks;

/**
 * A bound that a figure must keep.
 *
 * @param bound on which side of the limit the figure must be
 * @param limit in the figure's unit; positive
 */
record Budget(Bound bound, double limit) {
    /** Missed by this factor or more, the thing is not done. */
    private static final double FAR = 2;

    Budget {
        if (!(limit > 0)) {
            throw new IllegalArgumentException("limit must be positive: " + limit);
        }
    }

    static Budget atLeast(double limit) {
        return new Budget(Bound.AT_LEAST, limit);
    }

    static Budget atMost(double limit) {
        return new Budget(Bound.AT_MOST, limit);
    }

    /** Returns by what factor a value is beyond the limit; 1 or less is within it. */
    double excess(double value) {
        return bound == Bound.AT_MOST ? value / limit : limit / value;
    }

    Verdict verdict(double value) {
        double excess = excess(value);
        if (excess <= 1) {
            return Verdict.MET;
        }
        return excess < FAR ? Verdict.MISSED : Verdict.FAR_MISSED;
    }

    /** Which side of the limit is good. */
    enum Bound {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String symbol;

        Bound(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }

    /** How a value stands to its budget. */
    enum Verdict {
        MET,
        /** By less than a factor of 2: a profile has to show why. */
        MISSED,
        /** By a factor of 2 or more. */
        FAR_MISSED
    }
}
