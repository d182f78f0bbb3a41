package dev.sluice.statistics;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Beta;

/**
 * Bounds, valid at every moment, of how far a sum of n bounded values may be from its expectation.
 *
 * <p>For values that are at most h above and g below their mean p (hits and misses: g = p, h = 1 - p), the mixture of the
 * binomial likelihood ratios over a beta distribution,
 *
 * <pre>
 * ln M(S) = V/(gh) ln(g + h) - (V + hS)/(h(g + h)) ln g - (V - gS)/(g(g + h)) ln h
 *         + ln B((rho + V - gS)/(g(g + h)), (rho + V + hS)/(h(g + h))) - ln B(rho/(g(g + h)), rho/(h(g + h)))
 * </pre>
 *
 * is a supermartingale, V = n p (1 - p), so P(ever M &gt;= 1/alpha) &lt;= alpha, for both sides of S together. rho makes the bound narrowest at
 * {@code n = optimum}. It needs the values to be independent with one p: it is for display. Source: S. Howard, A. Ramdas, J.
 * McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021),
 * proposition 7; expected numbers are from their program confseq.
 */
public final class BetaBinomialBoundary {
    /** After how many values the bounds are narrowest where nothing else is said. */
    public static final double DEFAULT_OPTIMUM = 5000;

    private static final double TUNED_FOR_ALPHA = 0.05;
    private static final double LEAST_RHO = 1e-3;
    private static final double ACCURACY = 1e-13;
    private static final int MAX_EVALUATIONS = 1000;

    private final double alpha;
    private final double optimum;

    /**
     * Takes what the bounds are for.
     *
     * @param alpha how probable it is at most that a bound is ever crossed, above 0 and below 1
     * @param optimum after how many values they are narrowest
     */
    public BetaBinomialBoundary(double alpha, double optimum) {
        if (!(alpha > 0 && alpha < 1) || !(optimum > 0)) {
            throw new IllegalArgumentException("alpha " + alpha + ", optimum " + optimum);
        }
        this.alpha = alpha;
        this.optimum = optimum;
    }

    /**
     * Returns the ranks, as shares of n, between which the p-quantile lies at all times: [Q(p - l), Q(p + u)].
     *
     * @param p above 0 and below 1
     * @param n the number of values, at least 1
     */
    public Interval quantileRanks(double p, double n) {
        double below = reach(1 - p, n) / n;
        double above = reach(p, n) / n;
        return new Interval(Math.max(0, p - below), Math.min(1, p + above));
    }

    /**
     * Returns the shares p that are compatible with some hits, at all times.
     *
     * @param hits from 0 to n
     * @param n the number of values, at least 1
     */
    public Interval proportion(double hits, double n) {
        double lower = lowestShare(hits, n);
        double upper = 1 - lowestShare(n - hits, n);
        return new Interval(lower, Math.max(lower, upper));
    }

    /** Returns the least p from which so many hits are not too many. */
    private double lowestShare(double hits, double n) {
        if (hits == 0) {
            return 0;
        }
        double mean = hits / n;
        DoubleUnaryOperator excess = p -> logMixture(p, n, hits - n * p) - StrictMath.log(1 / alpha);
        double least = Math.ulp(mean);
        double most = mean * (1 - 1e-12);
        if (excess.applyAsDouble(least) <= 0) {
            return 0;
        }
        return new BrentSolver(ACCURACY, ACCURACY)
                .solve(MAX_EVALUATIONS, excess::applyAsDouble, least, most, (least + most) / 2);
    }

    /** Returns the greatest excess S of hits over n p that is not too much. */
    private double reach(double p, double n) {
        double most = n * (1 - p);
        DoubleUnaryOperator excess = sum -> logMixture(p, n, sum) - StrictMath.log(1 / alpha);
        if (!(excess.applyAsDouble(most) > 0 && excess.applyAsDouble(0) < 0)) {
            return most; // nothing is excluded, or too much was counted to say
        }
        return new BrentSolver(ACCURACY, ACCURACY * n).solve(MAX_EVALUATIONS, excess::applyAsDouble, 0, most);
    }

    private double logMixture(double g, double n, double sum) {
        double h = 1 - g;
        double v = n * g * h;
        double rho = Math.max(
                optimum
                                * g
                                * h
                                / (2 * StrictMath.log(1 / TUNED_FOR_ALPHA)
                                        + StrictMath.log1p(2 * StrictMath.log(1 / TUNED_FOR_ALPHA)))
                        - g * h,
                LEAST_RHO * g * h);
        // g + h = 1, so its logarithm and the divisions by it are left out
        return -(v + h * sum) / h * StrictMath.log(g)
                - (v - g * sum) / g * StrictMath.log(h)
                + Beta.logBeta((rho + v - g * sum) / g, (rho + v + h * sum) / h)
                - Beta.logBeta(rho / g, rho / h);
    }
}
