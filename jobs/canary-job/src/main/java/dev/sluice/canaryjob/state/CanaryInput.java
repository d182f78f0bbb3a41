package dev.sluice.canaryjob.state;

import org.jspecify.annotations.Nullable;

/**
 * Something about one run: what is set of it, or points of one of its metrics.
 *
 * @param key of the run: tenant, id
 * @param tenant whose run it is
 * @param run its id
 * @param document what is set of it, as JSON; null for points
 * @param samples a batch of points, as JSON; null for what is set
 */
public record CanaryInput(
        String key, String tenant, String run, byte @Nullable [] document, byte @Nullable [] samples) {}
