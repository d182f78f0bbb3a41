package dev.sluice.gateapi.callers.spinnaker;

import dev.sluice.gateapi.canary.StandingRun;
import org.jspecify.annotations.Nullable;

/**
 * What Spinnaker's Webhook stage is answered, with its own words for a status.
 *
 * @param status {@code RUNNING}, {@code SUCCEEDED} or {@code TERMINAL}
 * @param progress a line for the stage's page
 * @param state how the run stands; null where there is none
 * @param run the run's id
 * @param link where the run is; null where there is none
 */
record StageStatus(
        String status,
        String progress,
        @Nullable String state,
        String run,
        @Nullable String link) {
    private static final String RUNNING = "RUNNING";
    private static final String TERMINAL = "TERMINAL";

    /**
     * Returns the status of a run. One that is inconclusive may still be decided when data come again, unless it is the last
     * word; the stage has a time limit of its own.
     */
    static StageStatus of(StandingRun run) {
        String status = switch (run.state()) {
            case SUCCESSFUL -> "SUCCEEDED";
            case FAILED, ERROR -> TERMINAL;
            case PENDING, RUNNING, INCONCLUSIVE -> run.isClosed() || run.isEnded() ? TERMINAL : RUNNING;
        };
        String state = run.state().label();
        return new StageStatus(status, state + ": " + run.reason(), state, run.id(), "/v1/canaries/" + run.id());
    }

    /** Returns the status of a run of which this replica knows nothing yet. */
    static StageStatus unknown(String id, String why) {
        return new StageStatus(RUNNING, why, null, id, null);
    }
}
