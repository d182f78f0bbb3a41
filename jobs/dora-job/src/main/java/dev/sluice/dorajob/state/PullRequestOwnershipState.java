package dev.sluice.dorajob.state;

import dev.sluice.delivery.PullRequestOwnership;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link PullRequestOwnership}, flat. */
public record PullRequestOwnershipState(
        String service,
        String environment,
        String repository,
        String pullRequestId,
        @Nullable String deploymentId,
        @Nullable String title,
        @Nullable Instant firstCommitAt,
        boolean squashed,
        @Nullable Instant readyAt,
        @Nullable Instant firstReviewAt,
        @Nullable Instant mergedAt,
        @Nullable String cherryPickOf,
        boolean elsewhere) {

    /** Returns the flat form. */
    public static PullRequestOwnershipState of(PullRequestOwnership ownership) {
        return new PullRequestOwnershipState(
                ownership.service(),
                ownership.environment(),
                ownership.repository(),
                ownership.pullRequestId(),
                ownership.deploymentId(),
                ownership.title(),
                ownership.firstCommitAt(),
                ownership.squashed(),
                ownership.readyAt(),
                ownership.firstReviewAt(),
                ownership.mergedAt(),
                ownership.cherryPickOf(),
                ownership.elsewhere());
    }

    /** Returns the domain's form. */
    public PullRequestOwnership toDomain() {
        return new PullRequestOwnership(
                service,
                environment,
                repository,
                pullRequestId,
                deploymentId,
                title,
                firstCommitAt,
                squashed,
                readyAt,
                firstReviewAt,
                mergedAt,
                cherryPickOf,
                elsewhere);
    }
}
