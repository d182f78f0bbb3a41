package dev.sluice.dorajob.state;

import org.jspecify.annotations.Nullable;

/**
 * An event as the job reads it: a commit or an observation of a deployment.
 *
 * @param commit a commit, or null
 * @param observation an observation, or null
 */
public record EventInput(
        @Nullable CommitState commit, @Nullable ObservationState observation) {}
