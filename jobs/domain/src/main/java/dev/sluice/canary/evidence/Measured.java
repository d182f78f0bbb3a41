package dev.sluice.canary.evidence;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured in a bucket of time.
 *
 * @param bucket what both arms did
 * @param pods what their pods did, as far as they are known
 * @param segments what both arms did by segment, where the metric has segments
 */
public record Measured(MetricBucket bucket, Pods pods, SortedMap<String, MetricBucket> segments) {
    public Measured {
        requireNonNull(bucket, "bucket");
        requireNonNull(pods, "pods");
        segments = Collections.unmodifiableSortedMap(new TreeMap<>(segments));
    }

    /** What was measured of a metric without segments. */
    public Measured(MetricBucket bucket, Pods pods) {
        this(bucket, pods, Collections.emptySortedMap());
    }
}
