package dev.sluice.kayenta;

import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The confidence interval of a shift between two samples that belongs to the test of Mann and Whitney (Wilcoxon's rank sum
 * test), by the normal approximation whatever the sizes, as R's {@code wilcox.test(conf.int = TRUE, exact = FALSE)} has it.
 *
 * <p>For n values x of the canary, m values y of the baseline and a shift mu, with the ranks of x - mu among both, the
 * statistic and its standard deviation, corrected for groups of t equal values and for continuity, are
 *
 * <pre>
 *     d(mu)     = (sum of ranks of x - mu) - n (n + 1) / 2 - n m / 2
 *     sigma(mu) = sqrt(n m / 12 * (n + m + 1 - sum(t³ - t) / ((n + m) (n + m - 1))))
 *     z(mu)     = (d(mu) - sign(d(mu)) / 2) / sigma(mu)
 * </pre>
 *
 * z falls in steps from mu = min x - max y to max x - min y. The ends of the interval are where it crosses the quantiles of
 * the normal distribution, or the ends of that range if it begins below or ends above them; the estimate is where it crosses
 * 0. With few values the approximation is bad: with two in each arm, a third of all pairs of arms have no overlap, and their
 * interval is all on one side.
 *
 * <p>Sources: Hollander and Wolfe, Nonparametric Statistical Methods (1973), section 4; the documentation of R's
 * {@code wilcox.test}.
 */
final class MannWhitney {
    private final double[] x;
    private final double[] y;
    private final double[] shifted;

    private MannWhitney(Arms arms) {
        this.x = arms.sortedCanary();
        this.y = arms.sortedBaseline();
        this.shifted = new double[x.length];
    }

    /**
     * Returns the shift from the baseline to the canary.
     *
     * @param arms neither empty
     * @param confidence from 0 to 1, both excluded
     * @return nothing if all values are tied at an end of the range, as with one value in each arm
     */
    static Optional<Shift> shift(Arms arms, double confidence) {
        double quantile = -new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 - confidence) / 2);
        return new MannWhitney(arms).shift(quantile);
    }

    private Optional<Shift> shift(double quantile) {
        double low = x[0] - y[y.length - 1];
        double high = x[x.length - 1] - y[0];
        double atLow = z(low);
        double atHigh = z(high);
        if (Double.isNaN(atLow) || Double.isNaN(atHigh)) {
            return Optional.empty();
        }
        double lower = end(quantile, low, atLow, high, atHigh);
        double upper = end(-quantile, low, atLow, high, atHigh);
        return Optional.of(new Shift(lower, upper, crossing(0, low, atLow, high, atHigh)));
    }

    private double end(double level, double low, double atLow, double high, double atHigh) {
        if (atLow - level <= 0) {
            return low;
        }
        return atHigh - level >= 0 ? high : crossing(level, low, atLow, high, atHigh);
    }

    private double crossing(double level, double low, double atLow, double high, double atHigh) {
        return BrentSearch.root(mu -> z(mu) - level, low, atLow - level, high, atHigh - level);
    }

    /** Returns z; NaN if all values are tied. */
    private double z(double mu) {
        for (int i = 0; i < x.length; i++) {
            double value = x[i] - mu;
            // the difference of two infinities is ranked last
            shifted[i] = Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
        }
        Ranks ranks = Ranks.of(shifted, y);
        double n = x.length;
        double m = y.length;
        double d = ranks.sum() - n * (n + 1) / 2 - n * m / 2;
        double sigma = Math.sqrt(n * m / 12 * (n + m + 1 - ranks.ties() / ((n + m) * (n + m - 1))));
        return (d - Math.signum(d) / 2) / sigma;
    }
}
