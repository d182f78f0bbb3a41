package dev.sluice.canaryjob.state;

import org.jspecify.annotations.Nullable;

/**
 * Something about one config that learns between runs: the config, points of its baseline, or a run that is to know what it has
 * learned.
 *
 * @param key of the config: tenant, name
 * @param document the config, as JSON, empty where it does not learn any more; null for all else
 * @param samples a batch of points, as JSON; null for all else
 * @param run the id of a run that has started by the config; null for all else
 * @param started what is set of that run, as JSON; null for all else
 */
public record LearnInput(
        String key,
        byte @Nullable [] document,
        byte @Nullable [] samples,
        @Nullable String run,
        byte @Nullable [] started) {
    /** The config as it was saved. */
    public static LearnInput saved(String key, byte[] document) {
        return new LearnInput(key, document, null, null, null);
    }

    /** The config was deleted, or does not learn. */
    public static LearnInput forgotten(String key) {
        return new LearnInput(key, new byte[0], null, null, null);
    }

    /** Points of its baseline. */
    public static LearnInput samples(String key, byte[] samples) {
        return new LearnInput(key, null, samples, null, null);
    }

    /** A run has started by it. */
    public static LearnInput run(String key, String run, byte[] started) {
        return new LearnInput(key, null, null, run, started);
    }
}
