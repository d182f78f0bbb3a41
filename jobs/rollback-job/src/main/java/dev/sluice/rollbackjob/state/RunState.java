package dev.sluice.rollbackjob.state;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of one canary run.
 *
 * @param service the service; empty before it is known what is set of the run
 * @param environment the environment; empty before
 * @param baseline the version in place; null where the run does not say it
 * @param canary the new version; null where the run does not say it
 * @param over whether the rollout has ended
 * @param failedAt when it was Failed, ms since the epoch; 0 where it is not
 * @param reason why it is; empty where it is not
 */
public record RunState(
        String service,
        String environment,
        @Nullable String baseline,
        @Nullable String canary,
        boolean over,
        long failedAt,
        String reason) {
    /** The run of which nothing is known. */
    public static final RunState UNKNOWN = new RunState("", "", null, null, false, 0, "");

    /** Returns the run as it is set. */
    public RunState set(
            String ofService,
            String ofEnvironment,
            @Nullable String itsBaseline,
            @Nullable String itsCanary,
            boolean isOver) {
        return new RunState(ofService, ofEnvironment, itsBaseline, itsCanary, isOver, failedAt, reason);
    }

    /** Returns the run that is Failed. */
    public RunState failed(long at, String why) {
        return new RunState(service, environment, baseline, canary, over, at, why);
    }

    /** Returns whether it is known what is set of it. */
    public boolean isSet() {
        return !service.isEmpty();
    }
}
