package dev.sluice.dora;

import dev.sluice.dora.Failure.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which deployments an incident makes failed ones.
 *
 * @param rule which rule links it; null where none does
 * @param deploymentIds the deployments; none where no rule links it
 * @param lookedAt the deployments of its own series that its judgement depends on
 * @param distanceMs time from the end of the deployment to the incident, where its time links it or would have
 * @param reason why no rule links it; null where one does
 */
public record IncidentJudgement(
        @Nullable Rule rule,
        List<String> deploymentIds,
        List<String> lookedAt,
        @Nullable Long distanceMs,
        @Nullable Reason reason) {
    public IncidentJudgement {
        deploymentIds = List.copyOf(deploymentIds);
        lookedAt = List.copyOf(lookedAt);
        if ((rule == null) == (reason == null)) {
            throw new IllegalArgumentException("an incident is linked by a rule, or has a reason why not");
        }
    }

    /** Why an incident belongs to no deployment. */
    public enum Reason {
        /** Something else than a change of the service caused it. */
        NOT_CHANGE_CAUSED,
        /** It was said that no deployment caused it. */
        UNLINKED,
        /** What it refers to is not known, or not yet. */
        REFERENCE_NOT_FOUND,
        /** Nothing was deployed there in {@link ServiceEnvironment#horizon()} before it. */
        NO_DEPLOYMENT,
        /** The latest deployment before it went back, or repeated what ran. */
        AFTER_ROLLBACK,
        /** The latest deployment before it is further away than the link window. */
        OUTSIDE_WINDOW,
        /** The deployment is stated to have had no impact. */
        NO_IMPACT,
        /** What it refers to never went live, and nobody says that it had an impact. */
        NOT_COUNTED
    }

    static IncidentJudgement linked(
            Rule rule, List<String> deploymentIds, List<String> lookedAt, @Nullable Long distanceMs) {
        return new IncidentJudgement(rule, deploymentIds, lookedAt, distanceMs, null);
    }

    static IncidentJudgement unattributed(Reason reason, List<String> lookedAt) {
        return new IncidentJudgement(null, List.of(), lookedAt, null, reason);
    }

    boolean isUnattributed() {
        return reason != null && reason != Reason.NOT_CHANGE_CAUSED;
    }
}
