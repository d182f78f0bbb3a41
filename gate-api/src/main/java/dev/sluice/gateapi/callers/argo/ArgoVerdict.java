package dev.sluice.gateapi.callers.argo;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.StandingRun;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code web} metric of Argo Rollouts is answered: an object that its conditions read, and people in the status of the
 * analysis run.
 *
 * @param verdict {@code Successful}, {@code Failed}, {@code Running}, {@code Inconclusive} or {@code Error}
 * @param decided the verdict again if it is one of the first two; absent otherwise, so that a metric that reads this member alone
 *     has no measurement before
 * @param reason why
 * @param run the run's id; null where there is none
 * @param link where the run is; null where there is none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ArgoVerdict(
        String verdict,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String decided,
        String reason,
        @Nullable String run,
        @Nullable String link) {

    /** Returns the verdict of a run. */
    static ArgoVerdict of(StandingRun run) {
        String verdict = switch (run.state()) {
            case PENDING, RUNNING -> CanaryState.RUNNING.label();
            case SUCCESSFUL, FAILED, INCONCLUSIVE, ERROR -> run.state().label();
        };
        boolean isDecided = run.state() == CanaryState.SUCCESSFUL || run.state() == CanaryState.FAILED;
        return new ArgoVerdict(verdict, isDecided ? verdict : null, run.reason(), run.id(), "/v1/canaries/" + run.id());
    }

    /** Returns the verdict where there is no run that could be judged, or it is not known. */
    static ArgoVerdict error(String reason) {
        return new ArgoVerdict(CanaryState.ERROR.label(), null, reason, null, null);
    }
}
