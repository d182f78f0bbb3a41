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
 * @param learned {@link CanaryConfigs#learned} of it
 * @param buckets its buckets
 */
record SavedConfig(CanaryConfig config, String learned, BucketClock buckets) {
    /** A run is taught of so much before it: counts want a day of it, and the first bucket and the last of a day may have nothing. */
    static final Duration TAUGHT = Duration.ofHours(24).plusMinutes(15);
    /** A start may be an hour ago when it is made known, and be heard of later; buckets are made meanwhile, and take places. */
    private static final Duration SINCE_START = Duration.ofMinutes(105);
    /** What is kept of a config is so long. */
    static final Duration KEPT = TAUGHT.plus(SINCE_START);
    /** So many buckets are kept at most: where they are shorter than five seconds, a run is taught of less than a day. */
    private static final long MOST_BUCKETS = bucketsIn(KEPT, Duration.ofSeconds(5));

    static SavedConfig of(JsonNode document, CanaryConfig config) {
        return new SavedConfig(config, CanaryConfigs.learned(document), BucketClock.of(config.bucket()));
    }

    /** Returns of how many buckets a run is taught. */
    long taught() {
        return Math.min(bucketsIn(TAUGHT), MOST_BUCKETS - bucketsIn(SINCE_START));
    }

    /** Returns how many buckets are kept. */
    long kept() {
        return taught() + bucketsIn(SINCE_START);
    }

    /** Returns how many buckets are as long as a time, at least. */
    long bucketsIn(Duration time) {
        return bucketsIn(time, config.bucket());
    }

    private static long bucketsIn(Duration time, Duration bucket) {
        return time.plus(bucket).minusNanos(1).dividedBy(bucket);
    }

    Optional<MetricConfig> metric(String name) {
        return config.metrics().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst();
    }
}
