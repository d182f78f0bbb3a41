package dev.sluice.canaryjob.learn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.wire.CanaryConfigs;
import java.time.Duration;
import java.util.Optional;

/**
 * A config that learns, read.
 *
 * @param config what runs are judged by
 * @param learned what decides of what it learns
 * @param buckets its buckets
 */
record SavedConfig(CanaryConfig config, JsonNode learned, BucketClock buckets) {
    /** For so long back is it known what the baseline did. */
    static final Duration KEPT = Duration.ofHours(24);
    /** So many buckets are kept at most: where they are shorter than five seconds, they are of less than a day. */
    private static final int MOST_BUCKETS = 17_280;

    static SavedConfig of(JsonNode document, CanaryConfig config) {
        return new SavedConfig(config, CanaryConfigs.learned(document), BucketClock.of(config.bucket()));
    }

    /** Returns how many buckets are kept. */
    long kept() {
        return Math.max(1, Math.min(MOST_BUCKETS, KEPT.dividedBy(config.bucket())));
    }

    /** Returns how many buckets there are in a time, at least one. */
    long bucketsIn(Duration time) {
        return Math.max(1, time.dividedBy(config.bucket()));
    }

    Optional<MetricConfig> metric(String name) {
        return config.metrics().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst();
    }
}
