package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of canary runs. */
final class CanaryApi {
    /** How long a command that asks once goes on while Sluice is busy. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String RUNS = "/v1/canaries";
    private static final String JSON = "application/json";
    /** From this status on what was asked for may have been done. */
    private static final int FIRST_UNCERTAIN = 500;

    private final ApiClient api;

    CanaryApi(ApiClient api) {
        this.api = api;
    }

    /**
     * Returns the runs, the newest first.
     *
     * @param filter query parameters
     */
    JsonNode list(Map<String, String> filter) {
        return api.get(RUNS, filter).require("reading the canary runs");
    }

    /**
     * Starts a run.
     *
     * @param start the body, with an id, by which it is safe to repeat
     */
    CanaryRun start(JsonNode start) {
        return new CanaryRun(api.post(RUNS, JSON, Documents.bytes(start)).require("starting the canary run"));
    }

    /**
     * Returns a run.
     *
     * @param wait how long Sluice is to wait for a verdict
     */
    CanaryRun read(String id, Duration wait) {
        Map<String, String> query = wait.isZero() ? Map.of() : Map.of("wait", wait.toMillis() + "ms");
        return new CanaryRun(api.getOverRestarts(path(id), query).require("reading the canary run " + id));
    }

    /**
     * Says that the next stage has begun.
     *
     * @param at when; null for now, which is said once, for when it is repeated a further stage would begin
     */
    CanaryRun stage(String id, @Nullable Instant at) {
        String path = path(id) + "/stages";
        String request = "beginning a stage of the canary run " + id;
        if (at != null) {
            return new CanaryRun(api.post(path, JSON, change(at)).require(request));
        }
        Answer answer = api.postOnce(path, JSON, change(null));
        if (answer.status() >= FIRST_UNCERTAIN) {
            throw new CommandFailedException(
                    request + " failed: " + answer.problem()
                            + "\n  It may have begun all the same: `canary watch --once` shows the stage. With --at it can be said again.");
        }
        return new CanaryRun(answer.require(request));
    }

    /**
     * Says that the rollout has ended.
     *
     * @param at when; null for now
     */
    CanaryRun end(String id, @Nullable Instant at) {
        return new CanaryRun(api.post(path(id) + "/end", JSON, change(at)).require("ending the canary run " + id));
    }

    private static String path(String id) {
        return RUNS + "/" + ApiClient.encode(id);
    }

    private static byte[] change(@Nullable Instant at) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (at != null) {
            body.put("at", at.toString());
        }
        return Documents.bytes(body);
    }
}
