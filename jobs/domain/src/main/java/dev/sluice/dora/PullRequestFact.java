package dev.sluice.dora;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pull request as first deployed to one (service, environment), with its judgement.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param repository the repository that it went into
 * @param id its number or name in that repository
 * @param title what people call it
 * @param deploymentId the first successful deployment that holds it; null when deleted
 * @param firstCommitAt author time of its first commit
 * @param readyAt when it was ready for review
 * @param firstReviewAt when another human than its author reviewed it first
 * @param mergedAt when it was merged
 * @param finishedAt when that deployment ended
 * @param finishedDay the day of that, in the service's zone
 * @param leadTimeMs the sum of the four stages; null unless counted
 * @param codingMs from the first commit until it was ready
 * @param pickupMs from there to the first review
 * @param reviewMs from there to the merge
 * @param deployMs from there to the end of the deployment
 * @param counted whether pull request lead time counts it
 * @param excludedReason why not: SEED, NO_COMMITS, CLOCK_SKEW or CHERRY_PICK
 * @param flags what a reader should know, e.g. CLOCK_SKEW, DEPLOYED_BEFORE_MERGE, SQUASHED
 * @param deleted whether no deployment holds it any more
 * @param computedAt progress at which the judgement was made
 */
public record PullRequestFact(
        String tenant,
        String service,
        String environment,
        String repository,
        String id,
        @Nullable String title,
        @Nullable String deploymentId,
        @Nullable Instant firstCommitAt,
        @Nullable Instant readyAt,
        @Nullable Instant firstReviewAt,
        @Nullable Instant mergedAt,
        @Nullable Instant finishedAt,
        @Nullable LocalDate finishedDay,
        @Nullable Long leadTimeMs,
        @Nullable Long codingMs,
        @Nullable Long pickupMs,
        @Nullable Long reviewMs,
        @Nullable Long deployMs,
        boolean counted,
        @Nullable String excludedReason,
        List<String> flags,
        boolean deleted,
        Instant computedAt) {
    public PullRequestFact {
        flags = List.copyOf(flags);
    }
}
