package dev.sluice.delivery;

/** What one observation says about a deployment attempt. */
public enum DeploymentState {
    /** Accepted, not started. */
    QUEUED(false),
    /** Running. */
    STARTED(false),
    /** Ended, and the version runs. */
    SUCCESS(true),
    /** Ended, and it does not. */
    FAILURE(true),
    /** Ended by a person or a newer attempt before it had a result. */
    CANCELLED(true),
    /** Never run, by decision of the pipeline. */
    SKIPPED(true),
    /** Was successful and is no longer what runs; does not judge the attempt. */
    INACTIVE(false),
    /** The source, or a correction, says that this attempt does not exist. */
    DELETED(false),
    /** Says nothing of the state: a later word, e.g. a correction, on what the attempt was. */
    AMENDED(false);

    private final boolean terminal;

    DeploymentState(boolean terminal) {
        this.terminal = terminal;
    }

    /** Returns whether an observation of this state shows that there is, or was, such an attempt. */
    public boolean showsAttempt() {
        return this != AMENDED;
    }

    /** Returns whether the state is the result of an attempt. */
    public boolean isTerminal() {
        return terminal;
    }
}
