package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Two halves of the baseline's pods, which are of one version: one takes the baseline's part, the other the canary's. A pod stays
 * in its half; one that is new goes to the smaller one.
 */
public final class Halves implements Stateful {
    /** Where pods come and go for ever, nobody remembers where all of them were. */
    private static final int MOST_NAMES = 500;

    private final SortedMap<String, Boolean> isOfCanary = new TreeMap<>();

    /** Returns what both halves did in a bucket; nothing if there are not two pods. */
    public Optional<MetricBucket> of(Pods pods) {
        if (!pods.areComparable()) {
            return Optional.empty();
        }
        List<MetricBucket> baseline = new ArrayList<>();
        List<MetricBucket> canary = new ArrayList<>();
        if (isOfCanary.size() > MOST_NAMES) {
            isOfCanary.clear();
        }
        pods.baseline().forEach((pod, bucket) -> {
            Boolean known = isOfCanary.get(pod);
            if (known != null) {
                (known ? canary : baseline).add(bucket);
            }
        });
        pods.baseline().forEach((pod, bucket) -> {
            if (!isOfCanary.containsKey(pod)) {
                boolean isCanary = canary.size() < baseline.size();
                isOfCanary.put(pod, isCanary);
                (isCanary ? canary : baseline).add(bucket);
            }
        });
        return baseline.isEmpty() || canary.isEmpty() ? Optional.empty() : Optional.of(joined(baseline, canary));
    }

    private static MetricBucket joined(List<MetricBucket> baseline, List<MetricBucket> canary) {
        MetricBucket any = baseline.get(0);
        if (any instanceof RatioBucket) {
            return new RatioBucket(
                    baseline.stream()
                            .mapToDouble(of -> ((RatioBucket) of).baselineEvents())
                            .sum(),
                    baseline.stream()
                            .mapToDouble(of -> ((RatioBucket) of).baselineExposure())
                            .sum(),
                    canary.stream()
                            .mapToDouble(of -> ((RatioBucket) of).baselineEvents())
                            .sum(),
                    canary.stream()
                            .mapToDouble(of -> ((RatioBucket) of).baselineExposure())
                            .sum());
        }
        if (any instanceof GaugeBucket) {
            return new GaugeBucket(mean(baseline), mean(canary));
        }
        return new HistogramBucket(sum(baseline), sum(canary));
    }

    private static double mean(List<MetricBucket> pods) {
        double sum = 0;
        for (MetricBucket pod : pods) {
            Double level = ((GaugeBucket) pod).baseline();
            sum += level == null ? 0 : level;
        }
        return sum / pods.size();
    }

    private static Histogram sum(List<MetricBucket> pods) {
        return Histogram.sum(
                pods.stream().map(of -> ((HistogramBucket) of).baseline()).toList());
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(isOfCanary.size());
        for (var pod : isOfCanary.entrySet()) {
            out.writeUTF(pod.getKey());
            out.writeBoolean(pod.getValue());
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        isOfCanary.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            isOfCanary.put(in.readUTF(), in.readBoolean());
        }
    }
}
