package dev.sluice.delivery;

/** How a deployment attempt stands. */
public enum AttemptResult {
    /** No result yet. */
    IN_PROGRESS,
    /** The version runs. */
    SUCCESS,
    /** It does not. */
    FAILURE,
    /** Stopped before it had a result. */
    CANCELLED,
    /** Never run. */
    SKIPPED,
    /** No result within {@link DeploymentAttempt#TIME_OUT}: its end was never told. */
    TIMED_OUT;

    static AttemptResult of(DeploymentState terminal) {
        return switch (terminal) {
            case SUCCESS -> SUCCESS;
            case FAILURE -> FAILURE;
            case CANCELLED -> CANCELLED;
            case SKIPPED -> SKIPPED;
            case QUEUED, STARTED, INACTIVE, DELETED, AMENDED ->
                throw new IllegalArgumentException("not a terminal state: " + terminal);
        };
    }
}
