package dev.sluice.canary.evidence;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the pods of the baseline did in a bucket, each by itself: they are of one version, so they should differ by chance only.
 *
 * @param baseline by pod a bucket with its part of the baseline, and nothing of the canary; those of the {@value #MOST} names that
 *     come first
 * @param canary how many pods the canary has
 */
public record Pods(SortedMap<String, MetricBucket> baseline, int canary) {
    /** So many pods show how pods differ; more would cost more and show the same. */
    public static final int MOST = 20;

    /** Nothing is known of pods. */
    public static final Pods UNKNOWN = new Pods(Collections.emptySortedMap(), 0);

    public Pods {
        SortedMap<String, MetricBucket> first = new TreeMap<>();
        for (Map.Entry<String, MetricBucket> pod : new TreeMap<>(baseline).entrySet()) {
            if (first.size() < MOST) {
                first.put(pod.getKey(), pod.getValue());
            }
        }
        baseline = Collections.unmodifiableSortedMap(first);
    }

    /** Returns whether there are pods that can be compared. */
    public boolean areComparable() {
        return baseline.size() > 1;
    }
}
