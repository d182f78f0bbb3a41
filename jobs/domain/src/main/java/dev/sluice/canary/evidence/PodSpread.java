package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the pods of one version are from each other, all of a run together: caches, nodes and zones make them differ, and a
 * canary of few pods differs from the baseline by as much. A difference below the resolution floor
 *
 * <pre>
 * exp(2 sigma sqrt(1/k_c + 1/k_b)) - 1
 * </pre>
 *
 * may be one of pods, not of versions; k_c and k_b are the numbers of pods, sigma is the standard deviation of the logarithms of
 * their means, without what chance alone makes of it. The variance of the logarithm of a count x is about 1/x (delta method).
 */
public final class PodSpread implements Stateful {
    private final boolean ofCounts;
    private final SortedMap<String, double[]> pods = new TreeMap<>();
    private int canaryPods;

    /**
     * Begins.
     *
     * @param ofCounts whether counts are added, which vary by chance, or levels
     */
    public PodSpread(boolean ofCounts) {
        this.ofCounts = ofCounts;
    }

    /**
     * Adds what a pod did in a bucket.
     *
     * @param pod its name
     * @param amount events, or the level
     * @param exposure against what they are counted; 1 of a level
     */
    public void add(String pod, double amount, double exposure) {
        if (pods.size() < Pods.MOST || pods.containsKey(pod)) {
            double[] sums = pods.computeIfAbsent(pod, name -> new double[2]);
            sums[0] += amount;
            sums[1] += exposure;
        }
    }

    /** Notes how many pods the canary has. */
    public void canaryHas(int number) {
        canaryPods = number;
    }

    /** Returns the resolution floor as a part of the baseline's value; null where there are not two pods with data. */
    public @Nullable Double floor() {
        double sum = 0;
        double squares = 0;
        double chance = 0;
        int number = 0;
        for (double[] pod : pods.values()) {
            if (pod[1] > 0 && (ofCounts || pod[0] > 0)) {
                double log = ofCounts ? StrictMath.log((pod[0] + 0.5) / (pod[1] + 1)) : StrictMath.log(pod[0] / pod[1]);
                sum += log;
                squares += log * log;
                chance += ofCounts ? 1 / (pod[0] + 0.5) : 0;
                number++;
            }
        }
        if (number < 2 || canaryPods < 1) {
            return null;
        }
        double mean = sum / number;
        double variance = (squares - number * mean * mean) / (number - 1) - chance / number;
        double sigma = Math.sqrt(Math.max(0, variance));
        return StrictMath.expm1(2 * sigma * Math.sqrt(1.0 / canaryPods + 1.0 / number));
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(canaryPods);
        out.writeInt(pods.size());
        for (var pod : pods.entrySet()) {
            out.writeUTF(pod.getKey());
            Numbers.save(out, pod.getValue());
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        canaryPods = in.readInt();
        pods.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            String pod = in.readUTF();
            var sums = new double[2];
            Numbers.load(in, sums);
            pods.put(pod, sums);
        }
    }
}
