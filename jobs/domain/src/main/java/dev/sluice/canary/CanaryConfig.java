package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a canary is judged by; frozen before its first bucket, since whatever is chosen after looking at the data voids the
 * promises.
 *
 * @param metrics at least one, with unique names
 * @param alpha how probable a failure is at most, ever, if the canary is within tolerance on every metric
 * @param beta how probable a pass is at most if the canary is beyond the margin of a required metric throughout the stage
 * @param bucket the length of a bucket of time
 * @param warmUpBuckets how many buckets with both arms are looked at, but not counted, before any other; at least one,
 *     of which thresholds are chosen
 * @param settle for how long after a change of traffic buckets are left out
 * @param minExposure how many requests each arm has at least before a pass
 * @param minBuckets how many buckets are counted at least before a pass
 * @param minStage how long a stage lasts at least before a pass
 * @param horizon how long the run may last, all stages together; a day if that is not known
 * @param dataTimeout after how long without data of both arms the run ends without a verdict
 * @param traffic how the traffic is to be divided, as far as that is known
 */
public record CanaryConfig(
        List<MetricConfig> metrics,
        double alpha,
        double beta,
        Duration bucket,
        int warmUpBuckets,
        Duration settle,
        long minExposure,
        int minBuckets,
        Duration minStage,
        Duration horizon,
        Duration dataTimeout,
        TrafficPlan traffic) {
    public static final double DEFAULT_ALPHA = 0.01;
    public static final double DEFAULT_BETA = 0.05;
    public static final Duration DEFAULT_BUCKET = Duration.ofSeconds(10);
    public static final int DEFAULT_WARM_UP_BUCKETS = 6;
    public static final Duration DEFAULT_SETTLE = Duration.ofSeconds(60);
    public static final long DEFAULT_MIN_EXPOSURE = 500;
    public static final int DEFAULT_MIN_BUCKETS = 6;
    public static final Duration DEFAULT_MIN_STAGE = Duration.ofSeconds(60);
    public static final Duration DEFAULT_HORIZON = Duration.ofDays(1);
    private static final Duration LEAST_DATA_TIMEOUT = Duration.ofMinutes(5);
    private static final int DATA_TIMEOUT_BUCKETS = 10;

    private static final Duration SHORTEST_BUCKET = Duration.ofSeconds(1);
    private static final Duration LONGEST_BUCKET = Duration.ofDays(1);
    private static final Duration LONGEST_HORIZON = Duration.ofDays(90);

    /** Of alpha, what is for ratios and latencies where there are calibrated gauges too; the gauges have the rest. */
    private static final double EXACT_PART = 0.8;

    public CanaryConfig {
        metrics = List.copyOf(metrics);
        requireProbability("alpha", alpha);
        requireProbability("beta", beta);
        requireNonNull(bucket, "bucket");
        requirePositive("horizon", horizon);
        requirePositive("data timeout", dataTimeout);
        requireNotNegative("settle", settle);
        requireNotNegative("least duration of a stage", minStage);
        if (warmUpBuckets < 1 || minExposure < 0 || minBuckets < 1) {
            throw new IllegalArgumentException("warm-up buckets " + warmUpBuckets + ", least exposure " + minExposure
                    + ", least buckets " + minBuckets);
        }
        if (bucket.compareTo(SHORTEST_BUCKET) < 0) {
            throw new IllegalArgumentException("bucket must be at least a second, it is " + bucket);
        }
        if (bucket.compareTo(LONGEST_BUCKET) > 0 || horizon.compareTo(LONGEST_HORIZON) > 0) {
            throw new IllegalArgumentException(
                    "bucket must be at most a day and horizon at most 90 days, they are " + bucket + " and " + horizon);
        }
        if (traffic.duration().compareTo(horizon) > 0) {
            throw new IllegalArgumentException("the stages last " + Words.duration(traffic.duration())
                    + " together, and the horizon is " + Words.duration(horizon));
        }
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("at least one metric is needed");
        }
        Set<String> names = new HashSet<>();
        for (MetricConfig metric : metrics) {
            if (!names.add(metric.name())) {
                throw new IllegalArgumentException("two metrics are named " + metric.name());
            }
        }
    }

    /** Returns a config with all defaults. */
    public static CanaryConfig of(List<MetricConfig> metrics) {
        return new CanaryConfig(
                metrics,
                DEFAULT_ALPHA,
                DEFAULT_BETA,
                DEFAULT_BUCKET,
                DEFAULT_WARM_UP_BUCKETS,
                DEFAULT_SETTLE,
                DEFAULT_MIN_EXPOSURE,
                DEFAULT_MIN_BUCKETS,
                DEFAULT_MIN_STAGE,
                DEFAULT_HORIZON,
                defaultDataTimeout(DEFAULT_BUCKET),
                TrafficPlan.UNKNOWN);
    }

    /** Returns five minutes, or ten buckets where those are longer. */
    public static Duration defaultDataTimeout(Duration bucket) {
        Duration ofBuckets = bucket.multipliedBy(DATA_TIMEOUT_BUCKETS);
        return ofBuckets.compareTo(LEAST_DATA_TIMEOUT) > 0 ? ofBuckets : LEAST_DATA_TIMEOUT;
    }

    /** Returns in how many buckets the stages are to end, or the run where none are planned. */
    long plannedBuckets() {
        Duration planned = traffic.stages().isEmpty() ? horizon : traffic.duration();
        return (planned.toMillis() + bucket.toMillis() - 1) / bucket.toMillis();
    }

    /** Returns the part of alpha that ratios and latencies have. */
    double alphaOfExact(boolean withGauges) {
        return withGauges ? EXACT_PART * alpha : alpha;
    }

    /** Returns the part of alpha that calibrated gauges have. */
    double alphaOfGauges(boolean withExact) {
        return withExact ? (1 - EXACT_PART) * alpha : alpha;
    }

    private static void requireProbability(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be above 0 and below 1, it is " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (requireNonNull(value, name).toMillis() <= 0) {
            throw new IllegalArgumentException("the " + name + " must be at least a millisecond, it is " + value);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (requireNonNull(value, name).isNegative()) {
            throw new IllegalArgumentException(name + " " + value);
        }
    }
}
