package dev.sluice.canary.evidence;

import static java.util.Objects.requireNonNull;

/**
 * Engine A: tests how often something happens in the canary against how often in the baseline; for error counts and rates of
 * rare events.
 *
 * <p><b>Null hypothesis.</b> At every moment t: p_canary,t &lt;= e^u0 p_baseline,t + d (for {@link Side#LESS}: &gt;=). The
 * p_t may drift in any way.
 *
 * <p><b>Increment.</b> With x events among n exposed, m = x_c + x_b, pi = n_c / (n_c + n_b), l(u) = ln(1 + pi (e^u - 1)) and
 * an alternative log-ratio u:
 *
 * <pre>
 * inc(u) = x_c (u - u0) - m (l(u) - l(u0)) - n_c d (a - 1),    a = exp((u - u0) - (l(u) - l(u0)))
 * </pre>
 *
 * e to the sum of the increments is a nonnegative supermartingale under the null hypothesis: e^inc = a^x_c c^x_b e^(-n_c d (a
 * - 1)) with c = e^-(l(u) - l(u0)), and E[a^X] &lt;= e^(p (a - 1)) for X in [0, 1] with mean p. With p_c at its greatest the
 * exponent is p_b [n_c e^u0 (a - 1) + n_b (c - 1)] = 0.
 *
 * <p><b>Error bound.</b> Exact in finite samples: P(ever E &gt;= 1/alpha) &lt;= alpha, if requests are independent given the
 * past, and each is counted once. The {@value #NODES} alternatives u0 +- 0.05 ... 5 lie on a geometric grid. Source: robust
 * mixtures after H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
 * Statistics 41 (1970); for two Poisson streams M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data",
 * https://arxiv.org/abs/2011.03567.
 */
public final class RatioHypothesis implements Hypothesis<RatioBucket> {
    private static final double LEAST_SHIFT = 0.05;
    private static final double GREATEST_BY_LEAST = 100;
    private static final double[] SHIFTS = Nodes.geometric(LEAST_SHIFT, GREATEST_BY_LEAST);

    private final Side side;
    private final double u0;
    private final double d;
    private final double growthAtNull;
    private final double[] nodes = new double[NODES];
    private final double[] growths = new double[NODES];

    /**
     * Takes the hypothesis.
     *
     * @param side where the alternatives lie
     * @param u0 logarithm of the allowed ratio
     * @param d the allowed difference on top, in events per exposure; negative where a decrease is allowed
     */
    public RatioHypothesis(Side side, double u0, double d) {
        this.side = requireNonNull(side, "side");
        if (!Double.isFinite(u0) || !Double.isFinite(d)) {
            throw new IllegalArgumentException("u0 " + u0 + ", d " + d);
        }
        this.u0 = u0;
        this.d = d;
        this.growthAtNull = StrictMath.expm1(u0);
        for (int j = 0; j < NODES; j++) {
            nodes[j] = u0 + side.sign() * SHIFTS[j];
            growths[j] = StrictMath.expm1(nodes[j]);
        }
    }

    /** Tests against "the canary has at most so much more": evidence for it speaks for a failure. */
    public static RatioHypothesis failOfIncrease(Allowance tolerance) {
        return new RatioHypothesis(Side.MORE, StrictMath.log1p(tolerance.relative()), tolerance.absolute());
    }

    /** Tests against "the canary has at most so much less": evidence for it speaks for a failure. */
    public static RatioHypothesis failOfDecrease(Allowance tolerance) {
        return new RatioHypothesis(Side.LESS, StrictMath.log1p(-tolerance.relative()), -tolerance.absolute());
    }

    /** Tests against "the canary has at least so much more": evidence speaks for a pass. */
    public static RatioHypothesis passOfIncrease(Allowance margin) {
        return new RatioHypothesis(Side.LESS, StrictMath.log1p(margin.relative()), margin.absolute());
    }

    /** Tests against "the canary has at least so much less": evidence speaks for a pass. */
    public static RatioHypothesis passOfDecrease(Allowance margin) {
        return new RatioHypothesis(Side.MORE, StrictMath.log1p(-margin.relative()), -margin.absolute());
    }

    @Override
    public double[] increments(RatioBucket bucket) {
        double share = bucket.canaryShare();
        double atNull = StrictMath.log1p(share * growthAtNull);
        var increments = new double[NODES];
        for (int j = 0; j < NODES; j++) {
            increments[j] = increment(bucket, nodes[j], StrictMath.log1p(share * growths[j]) - atNull);
        }
        return increments;
    }

    /** Returns inc(u) for any u. */
    double increment(RatioBucket bucket, double u) {
        double share = bucket.canaryShare();
        double change = StrictMath.log1p(share * StrictMath.expm1(u)) - StrictMath.log1p(share * growthAtNull);
        return increment(bucket, u, change);
    }

    /**
     * Returns whether no canary could be what the hypothesis says: a share above 1, or below 0. Evidence against it would
     * prove nothing.
     *
     * @param baselineRate events by exposure in the baseline
     * @param exposure what the exposure is
     */
    public boolean isEmpty(double baselineRate, Exposure exposure) {
        double bound = (1 + growthAtNull) * baselineRate + d;
        return side == Side.LESS ? exposure == Exposure.REQUESTS && bound >= 1 : d < 0 && bound <= 0;
    }

    Side side() {
        return side;
    }

    double u0() {
        return u0;
    }

    private double increment(RatioBucket bucket, double u, double change) {
        double lift = u - u0;
        double counted = bucket.canaryEvents() * lift - bucket.events() * change;
        return d == 0 ? counted : counted - bucket.canaryExposure() * d * StrictMath.expm1(lift - change);
    }
}
