package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a deployment failed, or would have failed with a longer link window.
 *
 * @param rules what makes it a failed one beside the time of an incident, in the order of {@link Rule}, each once
 * @param distanceMs time from its end to the first incident that the time links to it, within
 *     {@link ServiceEnvironment#horizon()}; null where there is none
 * @param startedAt when the impact began
 * @param restoredAt when it was recovered from; null while it is not
 */
public record Failure(
        List<Rule> rules,
        @Nullable Long distanceMs,
        Instant startedAt,
        @Nullable Instant restoredAt) {
    public Failure {
        rules = List.copyOf(rules);
        requireNonNull(startedAt, "startedAt");
        if (rules.isEmpty() && distanceMs == null) {
            throw new IllegalArgumentException("a failure needs a rule");
        }
    }

    /** What makes a deployment a failed one, or an incident that of a deployment. */
    public enum Rule {
        /** An incident names the deployment, its version or its artifact. */
        DEPLOYMENT,
        /** An incident names a commit that the deployment was the first to bring. */
        ROOT_CAUSE,
        /** A deployment repairs the incident, and this one ran until then. */
        REMEDIATES,
        /** A deployment says that it repairs this one. */
        REMEDIATED,
        /** A rollback replaced it. */
        ROLLED_BACK,
        /** A later deployment took one of its commits back. */
        REVERTED,
        /** It is stated to have had an impact. */
        IMPACT,
        /** It is the latest one before an incident, within the link window. */
        TIME
    }

    /** Returns whether it counts as failed with a link window of this length. */
    boolean within(Duration linkWindow) {
        return !rules.isEmpty() || (distanceMs != null && distanceMs <= linkWindow.toMillis());
    }

    /** Returns the time from the start of the impact to the recovery; null while there is none. */
    @Nullable
    Long recoveryMs() {
        return restoredAt == null
                ? null
                : Long.valueOf(Duration.between(startedAt, restoredAt).toMillis());
    }

    /** Returns the time from the end of the deployment to the recovery; null while there is none. */
    @Nullable
    Long lifetimeMs(Instant finishedAt) {
        return restoredAt == null
                ? null
                : Long.valueOf(Duration.between(finishedAt, restoredAt).toMillis());
    }
}
