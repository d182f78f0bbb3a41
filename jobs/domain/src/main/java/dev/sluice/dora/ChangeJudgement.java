package dev.sluice.dora;

import dev.sluice.delivery.CommitOwnership;
import java.time.Duration;
import java.time.Instant;

/** Whether change lead time counts a commit of a successful deployment, and if not, why. */
public enum ChangeJudgement {
    /** It counts. */
    COUNTED,
    /** Joins lines of history. */
    MERGE,
    /** Touches no file of the service, which shares the repository with others. */
    OTHER_SERVICE,
    /** Came with the first deployment, which only sets the baseline. */
    SEED,
    /** Authored after its deployment had finished. */
    CLOCK_SKEW,
    /** Named by a child or a deployment, never recorded itself. */
    NOT_RECORDED;

    static ChangeJudgement of(CommitOwnership change, AttemptRow deployment) {
        Instant authoredAt = change.authoredAt();
        if (authoredAt == null) {
            return NOT_RECORDED;
        }
        if (change.merge()) {
            return MERGE;
        }
        if (change.elsewhere()) {
            return OTHER_SERVICE;
        }
        if (deployment.seed()) {
            return SEED;
        }
        return authoredAt.isAfter(deployment.finishedAt()) ? CLOCK_SKEW : COUNTED;
    }

    /** Returns the lead time of a counted change in milliseconds. */
    static long leadTimeMs(CommitOwnership change, AttemptRow deployment) {
        Instant authoredAt = change.authoredAt();
        if (authoredAt == null) {
            throw new IllegalArgumentException("not recorded: " + change.sha());
        }
        return Duration.between(authoredAt, deployment.finishedAt()).toMillis();
    }
}
