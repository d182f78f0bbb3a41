package dev.sluice.canary.evidence;

import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Evidence that the canary has another share of the requests than was planned: a sample-ratio mismatch. Who then chooses which
 * requests the canary gets is not known, and the arms may differ by that alone.
 *
 * <p>H0: each request goes to the canary by itself, with a probability from w / 1.1 to 1.1 w that may change; w is the planned
 * share. For an alternative s delta, s the side, and w' the end of that range on this side,
 *
 * <pre>
 * inc = n_c s delta - n ln(1 + w' (e^(s delta) - 1))
 * </pre>
 *
 * is the logarithm of a nonnegative supermartingale: E[e^(u X)] = 1 + p (e^u - 1) for a Bernoulli X with mean p. E is the mean over
 * the alternatives and both sides, so P(ever E >= 1/a) <= a, after any number of looks. Requests of one session or user are not
 * assigned by themselves: for those it does not hold. Tests of the planned share at each look are in M. Lindon, A. Malek,
 * "Anytime-valid inference for multinomial count data", NeurIPS 2022; the range around it is ours.
 *
 * <p>All requests must be added, also of a time in which only one arm had some: to leave those out is a choice by what is tested. An
 * arm whose counters are read seldom has its requests later than the other one, and at the start has some of before; each arm may
 * so be ahead or behind by what it has in two buckets. Of all that may be so, the evidence is what speaks least for a mismatch.
 */
public final class TrafficSplit implements Stateful {
    /** How far the share may be from the planned one: routers round weights. */
    public static final double TOLERANCE = 0.1;

    /** ln of the evidence at which the split is not as planned: of a metric, a false alarm in at most a thousand stages. */
    public static final double NEEDED = StrictMath.log(1000);

    /** The start, and the present. */
    private static final int EDGES = 2;

    private static final double LEAST_DELTA = 0.05;
    private static final double GREATEST_BY_LEAST = 100;
    private static final double[] DELTAS = Nodes.geometric(LEAST_DELTA, GREATEST_BY_LEAST);

    private final double share;
    private final double[] more = new double[DELTAS.length];
    private final double[] less = new double[DELTAS.length];
    private double baseline;
    private double canary;
    private double mostOfBaseline;
    private double mostOfCanary;

    /**
     * Begins.
     *
     * @param share the planned share of the canary, above 0 and below 1
     */
    public TrafficSplit(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share " + share);
        }
        this.share = share;
    }

    /** Adds the requests of a bucket. */
    public void add(double ofBaseline, double ofCanary) {
        baseline += ofBaseline;
        canary += ofCanary;
        mostOfBaseline = Math.max(mostOfBaseline, ofBaseline);
        mostOfCanary = Math.max(mostOfCanary, ofCanary);
        for (int j = 0; j < DELTAS.length; j++) {
            more[j] += ofBaseline * weightOfBaseline(1, j) + ofCanary * weightOfCanary(1, j);
            less[j] += ofBaseline * weightOfBaseline(-1, j) + ofCanary * weightOfCanary(-1, j);
        }
    }

    private double weightOfCanary(int sign, int j) {
        return sign * DELTAS[j] + weightOfBaseline(sign, j);
    }

    private double weightOfBaseline(int sign, int j) {
        double bound = sign > 0 ? Math.min(1, share * (1 + TOLERANCE)) : share / (1 + TOLERANCE);
        return -StrictMath.log1p(bound * StrictMath.expm1(sign * DELTAS[j]));
    }

    /** Returns ln of the evidence that the share is not as planned, if no request is seen too early or too late. */
    double logEOfExactTimes() {
        return LogSums.mean(new double[] {LogSums.mean(more), LogSums.mean(less)});
    }

    /** Returns ln of the evidence that the share is not as planned. */
    public double logE() {
        var least = new double[2 * DELTAS.length];
        for (int j = 0; j < DELTAS.length; j++) {
            least[j] = more[j] - unsure(1, j);
            least[DELTAS.length + j] = less[j] - unsure(-1, j);
        }
        return LogSums.mean(least);
    }

    private double unsure(int sign, int j) {
        return EDGES
                * (mostOfBaseline * Math.abs(weightOfBaseline(sign, j))
                        + mostOfCanary * Math.abs(weightOfCanary(sign, j)));
    }

    /** Returns whether the evidence is enough to say so. */
    public boolean isMismatch() {
        return logE() >= NEEDED;
    }

    /** Returns the planned share. */
    public double planned() {
        return share;
    }

    /** Returns the share so far; not a number before the first request. */
    public double actual() {
        return canary / (baseline + canary);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        Numbers.save(out, more);
        Numbers.save(out, less);
        out.writeDouble(baseline);
        out.writeDouble(canary);
        out.writeDouble(mostOfBaseline);
        out.writeDouble(mostOfCanary);
    }

    @Override
    public void load(DataInput in) throws IOException {
        Numbers.load(in, more);
        Numbers.load(in, less);
        baseline = in.readDouble();
        canary = in.readDouble();
        mostOfBaseline = in.readDouble();
        mostOfCanary = in.readDouble();
    }
}
