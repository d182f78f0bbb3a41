package dev.sluice.statistics;

/**
 * Sums of numbers that are given by their natural logarithms, -infinity for 0: without overflow, and the same on every
 * machine, as the exponentials are {@link StrictMath}'s.
 */
public final class LogSums {
    private LogSums() {}

    /** Returns ln(e^a + e^b). */
    public static double add(double a, double b) {
        double greater = Math.max(a, b);
        double difference = Math.min(a, b) - greater;
        // both -infinity or both +infinity have no difference
        return Double.isNaN(difference) ? greater : greater + StrictMath.log1p(StrictMath.exp(difference));
    }

    /** Returns the logarithm of the sum; -infinity for no terms. */
    public static double of(double... logs) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            greatest = Math.max(greatest, log);
        }
        if (Double.isInfinite(greatest)) {
            return greatest;
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - greatest);
        }
        return greatest + StrictMath.log(sum);
    }

    /** Returns the logarithm of the arithmetic mean of at least one number. */
    public static double mean(double... logs) {
        if (logs.length == 0) {
            throw new IllegalArgumentException("a mean of no numbers");
        }
        return of(logs) - StrictMath.log(logs.length);
    }
}
