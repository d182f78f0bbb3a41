package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A judgement from the request to the result: all that any replica needs to tell how it stands.
 *
 * @param application whose canary it is
 * @param parent the execution of the pipeline that has asked
 * @param configId the id of the config; null where the request had the config itself
 * @param config the config, as it was then
 * @param request what was to be compared
 * @param accounts which accounts were named
 * @param state how it stands
 * @param startedAt when it was asked for
 * @param endedAt when it was done; null before
 * @param error why there is no result; null where there is one, or none yet
 * @param result what the judge has found; null where it has not
 * @param duration for how long the canary was looked at
 * @param metrics how many metrics are fetched
 * @param hasValues whether the values that were compared are kept
 */
record Execution(
        String application,
        String parent,
        @Nullable String configId,
        JsonText config,
        JsonText request,
        Named accounts,
        State state,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String error,
        @Nullable JsonText result,
        Duration duration,
        int metrics,
        boolean hasValues) {
    /** How long fetching and judging may take, waiting included. */
    static final Duration LIMIT = Duration.ofMinutes(3);
    /** After how long a judgement without a result has lost its replica: longer than the limit by all that may be late. */
    static final Duration LOST = Duration.ofMinutes(5);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** How a judgement stands, in the words that Spinnaker knows; each of the others would make it wait, or pass, for nothing. */
    enum State {
        /** It goes on. */
        RUNNING,
        /** There is a score. */
        SUCCEEDED,
        /** There will be no score. */
        TERMINAL,
        /** Somebody has ended it. */
        CANCELED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Which accounts were named.
     *
     * @param metrics the source of metrics
     * @param storage where the judgement is kept
     * @param configuration where the config is kept
     */
    record Named(String metrics, String storage, String configuration) {}

    /** Returns what a record of the log says. */
    static Execution of(Control control) {
        try {
            return Json.mapper().treeToValue(control.document(), Execution.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the log has an execution that cannot be read: " + control.id(), e);
        }
    }

    ObjectNode document() {
        return Json.mapper().valueToTree(this);
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Returns this as it stands at a time: what nobody works at any more is terminal, in every replica alike. */
    Execution at(Instant now) {
        return isRunning() && now.isAfter(startedAt.plus(LOST))
                ? ended(
                        State.TERMINAL,
                        startedAt.plus(LOST),
                        "the server that judged was stopped, or could not write the end; start the judgement again")
                : this;
    }

    Execution ended(State newState, Instant at, @Nullable String newError) {
        return ended(newState, at, newError, null, false);
    }

    Execution succeeded(Instant at, JsonText newResult, boolean keepsValues) {
        return ended(State.SUCCEEDED, at, null, newResult, keepsValues);
    }

    private Execution ended(
            State newState, Instant at, @Nullable String newError, @Nullable JsonText newResult, boolean keepsValues) {
        return new Execution(
                application,
                parent,
                configId,
                config,
                request,
                accounts,
                newState,
                startedAt,
                at,
                newError,
                newResult,
                duration,
                metrics,
                keepsValues);
    }

    /** Returns what a caller is told of it. */
    ObjectNode status(String id) {
        ObjectNode json = JSON.objectNode()
                .put("application", application)
                .put("parentPipelineExecutionId", parent)
                .put("pipelineId", id);
        json.set("stageStatus", stages());
        json.put("complete", !isRunning()).put("status", state.word());
        if (error != null && endedAt != null) {
            json.set("exception", exception(error, endedAt));
        }
        if (result != null) {
            ObjectNode found = json.putObject("result");
            found.set("judgeResult", result.document());
            found.put("canaryDuration", duration.toString());
        }
        json.set("config", config.document());
        if (configId != null) {
            json.put("canaryConfigId", configId);
        }
        json.set("canaryExecutionRequest", request.document());
        if (hasValues) {
            json.put("metricSetPairListId", id);
        }
        putTime(json, "build", startedAt);
        putTime(json, "start", startedAt);
        if (endedAt != null) {
            putTime(json, "end", endedAt);
        }
        return json.put("storageAccountName", accounts.storage())
                .put("metricsAccountName", accounts.metrics())
                .put("configurationAccountName", accounts.configuration());
    }

    private static void putTime(ObjectNode json, String name, Instant time) {
        json.put(name + "TimeMillis", time.toEpochMilli()).put(name + "TimeIso", time.toString());
    }

    private ObjectNode stages() {
        ObjectNode stages = JSON.objectNode().put("setupContext", State.SUCCEEDED.word());
        for (int i = 0; i < metrics; i++) {
            stages.put("fetchControl" + i, state.word()).put("fetchExperiment" + i, state.word());
        }
        String last = state == State.SUCCEEDED ? state.word() : "not_started";
        return stages.put("mixMetrics", last).put("judge", last);
    }

    private static ObjectNode exception(String error, Instant at) {
        ObjectNode json = JSON.objectNode()
                .put("timestamp", at.toEpochMilli())
                .put("exceptionType", "SluiceException")
                .put("operation", "judge");
        json.putObject("details")
                .put("stackTrace", "")
                .put("error", "the canary was not judged")
                .putArray("errors")
                .add(error);
        return json.put("shouldRetry", false);
    }
}
