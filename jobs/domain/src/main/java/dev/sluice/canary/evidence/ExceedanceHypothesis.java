package dev.sluice.canary.evidence;

import static java.util.Objects.requireNonNull;

import dev.sluice.statistics.Hypergeometric;

/**
 * Engine B: tests the share of slow requests in the canary against that in the baseline, each arm with its own threshold; for
 * latencies.
 *
 * <p><b>Null hypothesis.</b> At every moment: P_canary(X &gt; T) &lt;= P_baseline(X &gt; v) (for {@link Side#LESS}: &gt;=). It
 * follows from "the canary is at most T / v times as slow". v and T were chosen before the counted data.
 *
 * <p><b>Increment.</b> inc(u) = y_c u - K(u), where y_c is how many of the m = y_c + y_b slow requests are the canary's, and K
 * the cumulant generating function of the hypergeometric distribution which y_c, given m, has at equality; beyond, it has a
 * monotone likelihood ratio.
 *
 * <p><b>Error bound.</b> Exact in finite samples: P(ever E &gt;= 1/alpha) &lt;= alpha. Where requests are split at random, it
 * holds by randomisation alone under "the version makes no difference": requests may depend on each other, and the service
 * may drift. K is exact up to a support of {@value #GREATEST_SUPPORT} values; above it an upper bound takes its place, which
 * is valid and loses some power. The {@value #NODES} alternatives, log odds-ratios of 0.02 to 4, lie on a geometric grid.
 * Source: Fisher's exact test as an e-process; see R. Turner, A. Ly, P. Grunwald, "Generic e-variables for exact sequential
 * k-sample tests", https://arxiv.org/abs/2106.02693.
 */
public final class ExceedanceHypothesis implements Hypothesis<ExceedanceBucket> {
    /** From here on the exact K would take more than about a millisecond a bucket. */
    private static final int GREATEST_SUPPORT = 1 << 20;

    private static final double LEAST_SHIFT = 0.02;
    private static final double GREATEST_BY_LEAST = 200;
    private static final double[] SHIFTS = Nodes.geometric(LEAST_SHIFT, GREATEST_BY_LEAST);

    private final Side side;
    private final int greatestSupport;
    private final double[] nodes = new double[NODES];

    /** Takes the hypothesis. */
    public ExceedanceHypothesis(Side side) {
        this(side, GREATEST_SUPPORT);
    }

    ExceedanceHypothesis(Side side, int greatestSupport) {
        this.side = requireNonNull(side, "side");
        this.greatestSupport = greatestSupport;
        for (int j = 0; j < NODES; j++) {
            nodes[j] = side.sign() * SHIFTS[j];
        }
    }

    @Override
    public double[] increments(ExceedanceBucket bucket) {
        var slow = new Hypergeometric(
                bucket.baselineRequests(), bucket.canaryRequests(), bucket.baselineSlow() + bucket.canarySlow());
        double[] exact = slow.support() <= greatestSupport ? slow.logMgf(nodes) : new double[0];
        var increments = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            double k = exact.length > 0 ? exact[j] : slow.logMgfBound(nodes[j]);
            increments[j] = bucket.canarySlow() * nodes[j] - k;
        }
        return increments;
    }

    Side side() {
        return side;
    }
}
