package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.PullRequestOwnership;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The four stages of a pull request's lead time, in milliseconds. They sum to the time from its first commit to the end of
 * its deployment, exactly.
 *
 * <p>Their boundaries are the first commit, ready, the first review, the merge and the end of the deployment. A boundary
 * that lies before the one before it is taken as that one, and one that lies after the end as the end, so that no stage is
 * negative.
 *
 * @param codingMs from the first commit until it was ready for review
 * @param pickupMs from there to the first review; to the merge where nobody reviewed it
 * @param reviewMs from there to the merge
 * @param deployMs from there to the end of the deployment
 * @param clockSkew whether one of the first three would be negative
 * @param deployedBeforeMerge whether the last one would be negative: its branch was deployed
 */
record PullRequestStages(
        long codingMs, long pickupMs, long reviewMs, long deployMs, boolean clockSkew, boolean deployedBeforeMerge) {
    /**
     * Returns the stages up to the end of a deployment.
     *
     * @param pullRequest an owned pull request whose first commit is known and not after the end
     * @param finishedAt when the deployment ended
     */
    static PullRequestStages of(PullRequestOwnership pullRequest, Instant finishedAt) {
        long merged = millis(pullRequest.mergedAt());
        long first = millis(pullRequest.firstCommitAt());
        long ready = millis(pullRequest.readyAt());
        long reviewed = pullRequest.firstReviewAt() == null ? merged : millis(pullRequest.firstReviewAt());
        long end = finishedAt.toEpochMilli();
        if (first > end) {
            throw new IllegalArgumentException("first commit " + pullRequest.firstCommitAt() + " after " + finishedAt);
        }
        long coded = Math.min(Math.max(ready, first), end);
        long pickedUp = Math.min(Math.max(reviewed, coded), end);
        long approved = Math.min(Math.max(merged, pickedUp), end);
        return new PullRequestStages(
                coded - first,
                pickedUp - coded,
                approved - pickedUp,
                end - approved,
                ready < first || reviewed < ready || merged < reviewed,
                merged > end);
    }

    long leadTimeMs() {
        return codingMs + pickupMs + reviewMs + deployMs;
    }

    private static long millis(@Nullable Instant instant) {
        return requireNonNull(instant).toEpochMilli();
    }
}
