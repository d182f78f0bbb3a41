package dev.sluice.dorajob.state;

import org.jspecify.annotations.Nullable;

/**
 * What stage graph reads: a commit or an observation of a deployment.
 *
 * @param key tenant and repository; tenant and service where a deployment names no repository
 * @param repository the repository, or the service where there is none
 * @param commit a commit, or null
 * @param observation an observation, or null
 */
public record GraphInput(
        String key,
        String repository,
        @Nullable CommitState commit,
        @Nullable ObservationState observation) {}
