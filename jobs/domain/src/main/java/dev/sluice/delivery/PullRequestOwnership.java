package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which deployment first brought a merged pull request to a (service, environment), with what stage delivery must know of
 * the pull request. An upsert by (service, environment, repository, pullRequestId).
 *
 * @param service the service
 * @param environment the environment
 * @param repository the repository that it goes into
 * @param pullRequestId its number or name in that repository
 * @param deploymentId the first successful deployment that holds it; null when there is none any more, and then nothing
 *     else is told
 * @param title what people call it
 * @param firstCommitAt author time of its first commit; null where that is not known
 * @param squashed whether {@code firstCommitAt} is of the commit that it was squashed to, since its own are not known
 * @param readyAt when it was ready for review
 * @param firstReviewAt when another human reviewed it first; null where nobody did before the merge
 * @param mergedAt when it was merged
 * @param cherryPickOf the pull request of the same repository that it repeats on another line
 * @param elsewhere whether the commit that it became and the head of its branch, as far as their files are known, touch no
 *     file of the service; the others of a pull request that was merged by rebase are not known to be its own
 */
public record PullRequestOwnership(
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
    public PullRequestOwnership {
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(repository, "repository");
        requireNonNull(pullRequestId, "pullRequestId");
        if (deploymentId != null) {
            requireNonNull(readyAt, "readyAt");
            requireNonNull(mergedAt, "mergedAt");
        }
    }

    /** Creates the ownership of a pull request that may touch files of the service. */
    public PullRequestOwnership(
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
            @Nullable String cherryPickOf) {
        this(
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
                false);
    }

    /** Creates the ownership of a pull request that no deployment holds any more. */
    static PullRequestOwnership none(String service, String environment, String repository, String pullRequestId) {
        return new PullRequestOwnership(
                service, environment, repository, pullRequestId, null, null, null, false, null, null, null, null);
    }
}
