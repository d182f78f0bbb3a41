package dev.sluice.dora;

import dev.sluice.delivery.PullRequestOwnership;
import java.time.Instant;

/** Whether pull request lead time counts a pull request of a successful deployment, and if not, why. */
public enum PullRequestJudgement {
    /** It counts. */
    COUNTED,
    /** Its commits touch no file of the service, which shares the repository with others. */
    OTHER_SERVICE,
    /** Came with the first deployment, which only sets the baseline. */
    SEED,
    /** Nothing tells when its first commit was authored. */
    NO_COMMITS,
    /** Its first commit was authored after its deployment had finished. */
    CLOCK_SKEW,
    /** Repeats, or is repeated by, one that would count too and was deployed before it; judged by the ledger. */
    CHERRY_PICK;

    /** Judges a pull request by itself, without regard to cherry-picks. */
    static PullRequestJudgement of(PullRequestOwnership pullRequest, AttemptRow deployment) {
        if (pullRequest.elsewhere()) {
            return OTHER_SERVICE;
        }
        if (deployment.seed()) {
            return SEED;
        }
        Instant firstCommitAt = pullRequest.firstCommitAt();
        if (firstCommitAt == null) {
            return NO_COMMITS;
        }
        return firstCommitAt.toEpochMilli() > deployment.finishedAt().toEpochMilli() ? CLOCK_SKEW : COUNTED;
    }
}
