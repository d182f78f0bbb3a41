package dev.sluice.canary.evidence;

import static java.util.Objects.requireNonNull;

/**
 * What was measured in a bucket of time.
 *
 * @param bucket what both arms did
 * @param pods what their pods did, as far as they are known
 */
public record Measured(MetricBucket bucket, Pods pods) {
    public Measured {
        requireNonNull(bucket, "bucket");
        requireNonNull(pods, "pods");
    }
}
