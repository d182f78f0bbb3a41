package dev.sluice.canaryjob.state;

import org.jspecify.annotations.Nullable;

/**
 * Something about one run: what is set of it, points of one of its metrics, or how the source of its series is.
 *
 * @param key of the run: tenant, id
 * @param tenant whose run it is
 * @param run its id
 * @param document what is set of it, as JSON; null for all else
 * @param samples a batch of points, as JSON; null for all else
 * @param condition what is wrong with the source of its series, empty where nothing is; null for all else
 * @param askedFrom since when the source has told all, ms since the epoch, where nothing is wrong with it; else 0
 * @param askedTo until when
 * @param calibrated the run before its first bucket, as the domain saves it, with what its history has taught; null for all else
 */
public record CanaryInput(
        String key,
        String tenant,
        String run,
        byte @Nullable [] document,
        byte @Nullable [] samples,
        @Nullable String condition,
        long askedFrom,
        long askedTo,
        byte @Nullable [] calibrated) {
    /** What is set of a run, or points of one of its metrics. */
    public CanaryInput(String key, String tenant, String run, byte @Nullable [] document, byte @Nullable [] samples) {
        this(key, tenant, run, document, samples, null, 0, 0, null);
    }

    /** The source of a run's series does not answer. */
    public static CanaryInput condition(String key, String tenant, String run, String why) {
        return new CanaryInput(key, tenant, run, null, null, why, 0, 0, null);
    }

    /** The source of a run's series has told all of a time, which comes before this. */
    public static CanaryInput asked(String key, String tenant, String run, long from, long to) {
        return new CanaryInput(key, tenant, run, null, null, "", from, to, null);
    }

    /** What was before a run has been learned, or nothing could be. */
    public static CanaryInput calibrated(String key, String tenant, String run, byte[] calibrated) {
        return new CanaryInput(key, tenant, run, null, null, null, 0, 0, calibrated);
    }
}
