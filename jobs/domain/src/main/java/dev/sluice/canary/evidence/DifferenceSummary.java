package dev.sluice.canary.evidence;

import dev.sluice.statistics.Interval;
import dev.sluice.statistics.SequentialT;

/**
 * What a {@link DifferenceSeries} amounts to.
 *
 * @param n how many differences there are
 * @param mean their mean
 * @param effective how many independent values they are worth, at most n; 0 where they do not look stationary
 * @param variance of one such value; infinite where nothing can be said
 * @param autocorrelation an upper bound of that of neighbours
 */
public record DifferenceSummary(long n, double mean, double effective, double variance, double autocorrelation) {
    private static final int LEAST_VALUES = 8;
    private static final double LEAST_EFFECTIVE = 5;
    private static final Interval EVERYTHING = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Returns whether there is enough to decide on. */
    public boolean isDecisive() {
        return n >= LEAST_VALUES && effective >= LEAST_EFFECTIVE && Double.isFinite(variance);
    }

    /**
     * Returns the logarithm of the evidence that the mean lies to one side of a bound: engine C, {@link SequentialT} with the
     * effective number of values.
     *
     * @param bound mu0
     * @return 0 while nothing can be decided; -infinity for an e-value of 0
     */
    public double logE(Side side, double bound) {
        if (!isDecisive()) {
            return 0;
        }
        double distance = mean - bound;
        if (!(side.sign() * distance > 0)) {
            return Double.NEGATIVE_INFINITY;
        }
        return SequentialT.oneSided(SequentialT.logG(effective * distance * distance / variance, effective));
    }

    /**
     * Returns the confidence sequence of the mean; without ends while nothing can be decided.
     *
     * @param alpha how probable it is at most that it ever misses
     */
    public Interval interval(double alpha) {
        if (!isDecisive()) {
            return EVERYTHING;
        }
        double reach = Math.sqrt(variance / effective) * SequentialT.radius(effective, alpha);
        return new Interval(mean - reach, mean + reach);
    }
}
