package dev.sluice.canary.evidence;

import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The evidence of a test that something went wrong at some bucket, not known which: a mixture over the alternatives and over
 * the first bad bucket. A plain mixture is the slower the longer the canary was healthy before; this one is not.
 *
 * <p>Half of the prior weight is on the first bucket, the rest on the later ones: w_1 = W_1 = 1/2; w_t = W_(t-1) / max(T - t +
 * 1, T/2), W_t = W_(t-1) - w_t, where T is the planned number of buckets. It is uniform up to the middle of the plan and never
 * runs dry. S_j becomes (S_j + w_t) exp(inc_j / phi), and E_t = mean over j of S_j + W_t: an e-process, because W_t is the
 * weight of onsets that are still to come, whose ratio is 1. Source: the recursion of Shiryaev and Roberts with a proper prior;
 * see J. Shin, A. Ramdas, A. Rinaldo, "E-detectors", https://doi.org/10.51387/23-NEJSDS51.
 */
public final class OnsetMixture implements Mixture {
    private static final int LEAST_BUCKETS = 60;

    private final double planned;
    private final double[] logSums = new double[Hypothesis.NODES];
    private long buckets;
    private double weightToCome = 1;

    /**
     * Begins.
     *
     * @param planned T: how many buckets the rollout has at most; at least {@value #LEAST_BUCKETS} are assumed
     */
    public OnsetMixture(long planned) {
        this.planned = Math.max(LEAST_BUCKETS, planned);
        Arrays.fill(logSums, Double.NEGATIVE_INFINITY);
    }

    @Override
    public void add(double[] increments, double phi) {
        buckets++;
        double weight = buckets == 1 ? 0.5 : weightToCome / Math.max(planned - buckets + 1, planned / 2);
        weightToCome -= weight;
        double logWeight = StrictMath.log(weight);
        for (int j = 0; j < logSums.length; j++) {
            logSums[j] = increments[j] / phi + LogSums.add(logSums[j], logWeight);
        }
    }

    /** A late bucket goes to the onsets before its arrival, whose number stays. */
    @Override
    public void addLate(double[] increments, double phi) {
        for (int j = 0; j < logSums.length; j++) {
            logSums[j] += increments[j] / phi;
        }
    }

    @Override
    public void save(DataOutput out) throws IOException {
        Numbers.save(out, logSums);
        out.writeLong(buckets);
        out.writeDouble(weightToCome);
    }

    @Override
    public void load(DataInput in) throws IOException {
        Numbers.load(in, logSums);
        buckets = in.readLong();
        weightToCome = in.readDouble();
    }

    @Override
    public double logE() {
        return LogSums.add(LogSums.mean(logSums), StrictMath.log(weightToCome));
    }
}
