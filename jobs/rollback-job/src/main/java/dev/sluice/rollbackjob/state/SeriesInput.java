package dev.sluice.rollbackjob.state;

/**
 * Something about one service in one environment.
 *
 * @param key of the series: tenant, service, environment
 * @param what which kind of thing {@code content} is
 * @param content a row or record as JSON; of {@link What#CANARY_OVER} the run's id
 */
public record SeriesInput(String key, What what, byte[] content) {
    /** Which kind of thing it is. */
    public enum What {
        /** A {@link dev.sluice.dora.CurrentRow}. */
        CURRENT,
        /** A {@link dev.sluice.dora.DeploymentFact}. */
        DEPLOYMENT,
        /** A {@link dev.sluice.dora.IncidentFact}. */
        INCIDENT,
        /** A {@link dev.sluice.wire.Control} that holds or takes away a plan. */
        PLAN,
        /** A {@link dev.sluice.wire.Control} that holds a request. */
        REQUEST,
        /** A {@link dev.sluice.wire.Control} that holds counts of an objective. */
        ERROR_BUDGET,
        /** A {@link dev.sluice.wire.DeliveryAttempt}. */
        ATTEMPT,
        /** A {@link dev.sluice.rollback.RollbackTrigger}. */
        FAILED_CANARY,
        /** The rollout of a canary is over. */
        CANARY_OVER
    }
}
