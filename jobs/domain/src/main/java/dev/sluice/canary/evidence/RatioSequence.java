package dev.sluice.canary.evidence;

import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A confidence sequence for the ratio of the canary's rate to the baseline's: an interval that covers a constant ratio at all
 * times at once with probability 1 - alpha.
 *
 * <p>The log-likelihood LL_k is summed up on {@value #NODES} nodes, dense near a ratio of 1. With a Cauchy-like prior w of
 * scale 0.5, those ratios are kept for which the mixture is less than 1/alpha times as likely: LL_k &gt; ln(sum of w LL) -
 * ln(1/alpha). The interval reaches to the next nodes outside of them. It needs what {@link RatioHypothesis} needs; if the ratio
 * drifts it is a summary. Source: H. Robbins, D. Siegmund, method of mixtures, see H. Robbins, "Statistical methods
 * related to the law of the iterated logarithm", Annals of Mathematical Statistics 41 (1970).
 */
public final class RatioSequence implements Stateful {
    private static final int HALF = 80;
    private static final int NODES = 2 * HALF + 1;
    private static final double STEP = 0.005;
    private static final double GROWTH = 0.05;
    private static final double PRIOR_SCALE = 0.5;
    private static final double[] LOG_RATIOS = logRatios();
    private static final double[] GROWTHS = growths();
    private static final double[] LOG_PRIOR = logPrior();

    private final double[] likelihood = new double[NODES];

    /** Adds a bucket with both arms. */
    public void add(RatioBucket bucket) {
        double share = bucket.canaryShare();
        double events = bucket.events();
        double canary = bucket.canaryEvents();
        for (int k = 0; k < NODES; k++) {
            likelihood[k] += canary * LOG_RATIOS[k] - events * StrictMath.log1p(share * GROWTHS[k]);
        }
    }

    /**
     * Returns the interval of the ratio.
     *
     * @param alpha how probable it is at most that it ever misses
     * @param phi variance inflation, at least 1
     * @return from 0, or to infinity, where nothing is excluded on a side
     */
    public Interval interval(double alpha, double phi) {
        double greatest = likelihood[likeliestNode()] / phi;
        var relative = new double[NODES];
        var posterior = new double[NODES];
        for (int k = 0; k < NODES; k++) {
            relative[k] = likelihood[k] / phi - greatest;
            posterior[k] = LOG_PRIOR[k] + relative[k];
        }
        double least = LogSums.of(posterior) - StrictMath.log(1 / alpha);
        int first = 0;
        while (relative[first] <= least) {
            first++;
        }
        int last = NODES - 1;
        while (relative[last] <= least) {
            last--;
        }
        return new Interval(
                first == 0 ? 0 : StrictMath.exp(LOG_RATIOS[first - 1]),
                last == NODES - 1 ? Double.POSITIVE_INFINITY : StrictMath.exp(LOG_RATIOS[last + 1]));
    }

    @Override
    public void save(DataOutput out) throws IOException {
        Numbers.save(out, likelihood);
    }

    @Override
    public void load(DataInput in) throws IOException {
        Numbers.load(in, likelihood);
    }

    /** Returns the likeliest ratio among the nodes. */
    double likeliest() {
        return StrictMath.exp(LOG_RATIOS[likeliestNode()]);
    }

    private int likeliestNode() {
        int likeliest = 0;
        for (int k = 1; k < NODES; k++) {
            if (likelihood[k] > likelihood[likeliest]) {
                likeliest = k;
            }
        }
        return likeliest;
    }

    private static double[] growths() {
        var growths = new double[NODES];
        for (int k = 0; k < NODES; k++) {
            growths[k] = StrictMath.expm1(LOG_RATIOS[k]);
        }
        return growths;
    }

    private static double[] logRatios() {
        var ratios = new double[NODES];
        double unit = STEP / StrictMath.expm1(GROWTH);
        for (int k = -HALF; k <= HALF; k++) {
            ratios[k + HALF] = Integer.signum(k) * unit * StrictMath.expm1(GROWTH * Math.abs(k));
        }
        return ratios;
    }

    private static double[] logPrior() {
        var weights = new double[NODES];
        double total = 0;
        for (int k = 0; k < NODES; k++) {
            double width = k == 0
                    ? LOG_RATIOS[1] - LOG_RATIOS[0]
                    : k == NODES - 1 ? LOG_RATIOS[k] - LOG_RATIOS[k - 1] : (LOG_RATIOS[k + 1] - LOG_RATIOS[k - 1]) / 2;
            double scaled = LOG_RATIOS[k] / PRIOR_SCALE;
            weights[k] = width / (1 + scaled * scaled);
            total += weights[k];
        }
        for (int k = 0; k < NODES; k++) {
            weights[k] = StrictMath.log(weights[k] / total);
        }
        return weights;
    }
}
