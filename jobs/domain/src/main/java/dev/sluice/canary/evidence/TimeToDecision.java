package dev.sluice.canary.evidence;

import dev.sluice.statistics.Hypergeometric;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * How long a test still takes if everything goes on as it does: what is missing of the evidence, divided by how fast it
 * grows at the best alternative. The mixture over 24 alternatives costs about half of ln 24 on top.
 *
 * <p>Measured against medians of simulations: 90, 25, 104, 1037, 305 s were predicted for 90, 30, 102, 768, 240 s; so up to a
 * third too long for slow passes.
 */
public final class TimeToDecision {
    private static final double MIXTURE_COST = 0.5 * StrictMath.log(Hypothesis.NODES);
    private static final double LEAST_SHIFT = 1e-3;
    private static final double GREATEST_SHIFT = 6;
    private static final int MAX_EVALUATIONS = 500;

    private TimeToDecision() {}

    /**
     * Returns the seconds that a {@link RatioHypothesis} still needs.
     *
     * @param needed ln of the evidence at which it decides
     * @param logE ln of the evidence so far
     * @param phi variance inflation, at least 1
     * @param perSecond events and exposures of one second as expected
     * @return infinite where it will not decide
     */
    public static double ofRatio(RatioHypothesis test, double needed, double logE, double phi, RatioBucket perSecond) {
        double growth = greatest(test.side(), test.u0(), u -> test.increment(perSecond, u));
        return seconds(needed, logE, phi, growth);
    }

    /**
     * Returns the seconds that an {@link ExceedanceHypothesis} still needs; the growth is that of the bound of K.
     *
     * @param needed ln of the evidence at which it decides
     * @param logE ln of the evidence so far
     * @param phi variance inflation, at least 1
     * @param perSecond slow requests and requests of one second as expected
     * @return infinite where it will not decide
     */
    public static double ofExceedance(
            ExceedanceHypothesis test, double needed, double logE, double phi, RatioBucket perSecond) {
        double growth = greatest(
                test.side(),
                0,
                u -> perSecond.canaryEvents() * u
                        - Hypergeometric.logMgfBound(
                                perSecond.canaryExposure(), perSecond.baselineExposure(), perSecond.events(), u));
        return seconds(needed, logE, phi, growth);
    }

    /**
     * Returns how many buckets a gauge still needs: the smallest number of values with enough evidence at the present mean,
     * variance and share of effective values, without those there are.
     *
     * @param needed ln of the evidence at which it decides
     * @return infinite where it will not decide
     */
    public static double bucketsOfGauge(DifferenceSummary now, Side side, double bound, double needed) {
        if (!now.isDecisive() || !(side.sign() * (now.mean() - bound) > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double share = now.effective() / now.n();
        long enough = now.n();
        while (atSize(now, enough, share).logE(side, bound) < needed) {
            if (enough > MOST_BUCKETS) {
                return Double.POSITIVE_INFINITY;
            }
            enough *= 2;
        }
        long tooFew = Math.max(now.n(), enough / 2);
        while (enough - tooFew > 1) {
            long middle = (tooFew + enough) / 2;
            if (atSize(now, middle, share).logE(side, bound) < needed) {
                tooFew = middle;
            } else {
                enough = middle;
            }
        }
        return enough - now.n();
    }

    private static final long MOST_BUCKETS = 1L << 32;

    private static DifferenceSummary atSize(DifferenceSummary now, long n, double share) {
        return new DifferenceSummary(n, now.mean(), n * share, now.variance(), now.autocorrelation());
    }

    private static double greatest(Side side, double u0, DoubleUnaryOperator growth) {
        double near = u0 + side.sign() * LEAST_SHIFT;
        double far = u0 + side.sign() * GREATEST_SHIFT;
        return new BrentOptimizer(1e-8, 1e-10)
                .optimize(
                        new MaxEval(MAX_EVALUATIONS),
                        GoalType.MAXIMIZE,
                        new UnivariateObjectiveFunction(growth::applyAsDouble),
                        new SearchInterval(Math.min(near, far), Math.max(near, far)))
                .getValue();
    }

    private static double seconds(double needed, double logE, double phi, double growth) {
        double missing = needed + MIXTURE_COST - Math.max(logE, 0);
        return missing <= 0 ? 0 : growth > 0 ? phi * missing / growth : Double.POSITIVE_INFINITY;
    }
}
