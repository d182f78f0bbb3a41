package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySchemas;
import dev.sluice.wire.ConfigDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request to start a canary run.
 *
 * @param id the run's id; null if it is to be given one
 * @param startedAt when the canary began to have traffic; null for now
 * @param service the service that is rolled out
 * @param environment where
 * @param baseline the version in place; null where nobody says it
 * @param canary the new version; null where nobody says it
 * @param config what it is to be judged by
 * @param configName the name of the config that it was made of; null where the request has it
 */
record StartRequest(
        @Nullable String id,
        @Nullable Instant startedAt,
        String service,
        String environment,
        @Nullable String baseline,
        @Nullable String canary,
        JsonNode config,
        @Nullable String configName) {
    private static final Duration OLDEST = Duration.ofHours(1);
    private static final String CONFIG = "config";
    private static final String STARTED_AT = "started_at";

    /**
     * Reads a request strictly.
     *
     * @param named finds a config by its name
     * @throws ApiException 400 with a pointer to each thing that is wrong
     */
    static StartRequest read(
            JsonNode body,
            CanarySchemas schemas,
            CanaryConfigs configs,
            Function<String, Optional<JsonNode>> named,
            Instant now) {
        List<FieldError> errors = new ArrayList<>(Bodies.errors("", schemas.run(body)));
        @Nullable String name = body.path(CONFIG).textValue();
        JsonNode given = name == null ? body.path(CONFIG) : named.apply(name).orElseGet(MissingNode::getInstance);
        JsonNode config = given;
        if (name != null && given.isMissingNode() && errors.isEmpty()) {
            errors.add(new FieldError("/" + CONFIG, "there is no canary config of this name"));
        } else if (given.has("metrics")) {
            List<FieldError> unfilled = new ArrayList<>();
            config = ConfigPlaceholders.fill(given, body, unfilled);
            unfilled.forEach(error -> errors.add(new FieldError("/" + CONFIG + error.pointer(), error.detail())));
            if (unfilled.isEmpty()) {
                errors.addAll(Bodies.errors(
                        "/" + CONFIG, configs.read(config, List.of()).violations()));
            }
        }
        if (name == null && CanaryConfigs.learns(given)) {
            errors.add(new FieldError("/" + CONFIG + "/learn", "only a config that has a name learns between runs"));
        }
        Bodies.requireNone(errors);
        return new StartRequest(
                body.path("id").textValue(),
                startedAt(body.path(STARTED_AT), now).orElse(null),
                body.path("service").textValue(),
                body.path("environment").textValue(),
                body.path("baseline").textValue(),
                body.path("canary").textValue(),
                config,
                name);
    }

    private static Optional<Instant> startedAt(JsonNode text, Instant now) {
        if (!text.isTextual()) {
            return Optional.empty();
        }
        Optional<Instant> at = Bodies.time(text);
        if (at.isEmpty()) {
            throw ApiException.invalidDocument("/" + STARTED_AT, "started_at is no time");
        }
        if (at.get().isAfter(now.plus(Bodies.AHEAD))) {
            throw ApiException.invalidDocument("/" + STARTED_AT, "started_at must not be in the future");
        }
        if (at.get().isBefore(now.minus(OLDEST))) {
            throw ApiException.invalidDocument("/" + STARTED_AT, "started_at must not be more than an hour ago");
        }
        return at;
    }

    /** Returns what is set of the run that this starts. */
    CanaryRunDocument document(Instant now) {
        return new CanaryRunDocument(
                service,
                environment,
                baseline,
                canary,
                config,
                configName,
                ConfigDigest.of(config),
                startedAt == null ? now : startedAt,
                List.of(),
                null);
    }

    /**
     * Returns whether this is the request that has started a run, or the same again; a config that is named may have changed since.
     */
    boolean hasStarted(CanaryRunDocument run) {
        return run.service().equals(service)
                && run.environment().equals(environment)
                && Objects.equals(run.baseline(), baseline)
                && Objects.equals(run.canary(), canary)
                && isBy(run)
                && (startedAt == null || run.startedAt().equals(startedAt));
    }

    /** Returns whether the body of a start says what a run was started by, and its config by its name. */
    static boolean names(JsonNode body, CanaryRunDocument run) {
        return run.configName() != null
                && run.configName().equals(body.path(CONFIG).textValue())
                && run.service().equals(body.path("service").textValue())
                && run.environment().equals(body.path("environment").textValue())
                && Objects.equals(run.baseline(), body.path("baseline").textValue())
                && Objects.equals(run.canary(), body.path("canary").textValue());
    }

    private boolean isBy(CanaryRunDocument run) {
        return configName == null
                ? run.configDigest().equals(ConfigDigest.of(config))
                : configName.equals(run.configName());
    }
}
