package dev.sluice.gateapi.callers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.StandingRun;
import dev.sluice.wire.Json;
import java.time.Instant;

/** Canary runs as callers are told of them. */
public final class RunFixture {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private RunFixture() {}

    /** Returns a run that goes on, with some traffic on the canary. */
    public static StandingRun run(CanaryState state) {
        ObjectNode verdict = Json.mapper().createObjectNode();
        verdict.put("state", state.label()).put("log_e", 1.5);
        verdict.putArray("metrics").addObject().put("name", "errors").put("estimate", 2.25);
        return new StandingRun("r1", START, 1, false, false, true, state, "because", verdict);
    }

    /** Returns the run before its first step. */
    public static StandingRun beforeTraffic(StandingRun run) {
        return new StandingRun(
                run.id(),
                START,
                0,
                run.isEnded(),
                run.isClosed(),
                run.isFresh(),
                run.state(),
                run.reason(),
                run.verdict());
    }

    /** Returns the run as it is when somebody has said that the rollout has ended. */
    public static StandingRun ended(StandingRun run) {
        return new StandingRun(
                run.id(), START, run.stages(), true, run.isClosed(), true, run.state(), run.reason(), run.verdict());
    }

    /** Returns the run at its horizon. */
    public static StandingRun closed(StandingRun run) {
        return new StandingRun(
                run.id(), START, run.stages(), run.isEnded(), true, true, run.state(), run.reason(), run.verdict());
    }

    /** Returns the run when its verdict was not said again. */
    public static StandingRun stale(StandingRun run) {
        return new StandingRun(
                run.id(),
                START,
                run.stages(),
                run.isEnded(),
                run.isClosed(),
                false,
                run.state(),
                run.reason(),
                run.verdict());
    }
}
