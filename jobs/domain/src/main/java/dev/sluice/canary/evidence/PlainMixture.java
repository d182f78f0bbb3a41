package dev.sluice.canary.evidence;

import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The evidence of a test with equal weights of its alternatives: E = mean over j of exp(sum of inc_j / phi). It speaks of the
 * whole time since it began, so it is what a pass needs.
 */
public final class PlainMixture implements Mixture {
    private final double[] sums = new double[Hypothesis.NODES];

    @Override
    public void add(double[] increments, double phi) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += increments[j] / phi;
        }
    }

    @Override
    public void addLate(double[] increments, double phi) {
        add(increments, phi);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        Numbers.save(out, sums);
    }

    @Override
    public void load(DataInput in) throws IOException {
        Numbers.load(in, sums);
    }

    @Override
    public double logE() {
        return LogSums.mean(sums);
    }
}
