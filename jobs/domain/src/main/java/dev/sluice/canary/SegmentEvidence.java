package dev.sluice.canary;

import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.Stateful;
import dev.sluice.statistics.EValues;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The evidence of one metric by segment, as by endpoint or region. Each segment is tested as the metric is, by itself; which are
 * named follows from e-BH on the evidence at one time (R. Wang, A. Ramdas, "False discovery rate control with e-values", Journal of
 * the Royal Statistical Society B 84 (2022)).
 */
final class SegmentEvidence implements Stateful {
    /** So many segments of a metric are looked at: those that were seen first. */
    static final int MOST = 20;
    /** So many of all metrics of a run, each of which costs as much as a metric. */
    private static final int MOST_OF_RUN = 100;
    /** So many others are counted by their names. */
    private static final int MOST_LEFT_OUT = 200;

    private final CanaryConfig run;
    private final MetricConfig metric;
    private final SortedMap<String, MetricEvidence<?>> segments = new TreeMap<>();
    private final SortedSet<String> leftOut = new TreeSet<>();
    private final int most;
    private double floor = 1;

    SegmentEvidence(CanaryConfig run, MetricConfig metric) {
        this.run = run;
        this.metric = metric;
        this.most = Math.max(1, Math.min(MOST, MOST_OF_RUN / run.metrics().size()));
    }

    /** Learns how much the counts of the metric vary, which those of a part of it may as well. */
    void learn(double variation) {
        floor = Math.max(floor, variation);
    }

    /** Returns which segments are looked at. */
    Set<String> names() {
        return segments.keySet();
    }

    private MetricEvidence<?> begin() {
        MetricEvidence<?> evidence = MetricEvidence.of(run, metric);
        evidence.startWithFloor(floor);
        return evidence;
    }

    /** Adds what both arms did in a bucket that ended then, by segment. */
    void add(Instant end, SortedMap<String, MetricBucket> buckets, boolean settling) {
        buckets.forEach((name, bucket) -> {
            MetricEvidence<?> evidence = segments.get(name);
            if (evidence == null && segments.size() < most) {
                evidence = begin();
                segments.put(name, evidence);
            }
            if (evidence != null) {
                evidence.add(end, new Measured(bucket, Pods.UNKNOWN), settling);
            } else if (leftOut.size() < MOST_LEFT_OUT) {
                leftOut.add(name);
            }
        });
    }

    /** Returns what is found now; nothing where there are no segments. */
    Optional<SegmentFindings> findings() {
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = List.copyOf(segments.keySet());
        List<MetricReading> readings =
                segments.values().stream().map(segment -> segment.read(null)).toList();
        double[] evidence = readings.stream()
                .mapToDouble(reading -> usable(reading.evidence().fail()))
                .toArray();
        List<Integer> worse = EValues.discoveries(evidence, run.alpha());
        List<SegmentFindings.Finding> found = new ArrayList<>();
        for (int i = 0; i < evidence.length; i++) {
            MetricReading reading = readings.get(i);
            found.add(new SegmentFindings.Finding(
                    names.get(i),
                    worse.contains(i),
                    evidence[i],
                    reading.estimate(),
                    reading.interval(),
                    reading.baseline(),
                    reading.canary()));
        }
        found.sort(Comparator.comparingDouble(SegmentFindings.Finding::logE).reversed());
        return Optional.of(new SegmentFindings(found, leftOut.size()));
    }

    /** What is not a number is no evidence. */
    private static double usable(double logE) {
        return Double.isNaN(logE) ? Double.NEGATIVE_INFINITY : logE;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeDouble(floor);
        out.writeInt(segments.size());
        for (Map.Entry<String, MetricEvidence<?>> segment : segments.entrySet()) {
            out.writeUTF(segment.getKey());
            segment.getValue().save(out);
        }
        out.writeInt(leftOut.size());
        for (String name : leftOut) {
            out.writeUTF(name);
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        floor = in.readDouble();
        segments.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            String name = in.readUTF();
            MetricEvidence<?> evidence = begin();
            evidence.load(in);
            segments.put(name, evidence);
        }
        leftOut.clear();
        int others = in.readInt();
        for (int i = 0; i < others; i++) {
            leftOut.add(in.readUTF());
        }
    }
}
