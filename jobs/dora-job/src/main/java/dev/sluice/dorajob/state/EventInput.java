package dev.sluice.dorajob.state;

import org.jspecify.annotations.Nullable;

/**
 * An event as the job reads it: one of its components is there.
 *
 * @param commit a commit, or null
 * @param observation an observation of a deployment, or null
 * @param incident an observation of an incident, or null
 * @param pullRequest an observation of a pull request, or null
 * @param drift a check for drift, or null
 * @param catalogue a word of the catalogue, or null
 */
public record EventInput(
        @Nullable CommitState commit,
        @Nullable ObservationState observation,
        @Nullable IncidentObservationState incident,
        @Nullable PullRequestObservationState pullRequest,
        @Nullable DriftCheckState drift,
        @Nullable CatalogueInput catalogue) {}
