package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 */
record StartRequest(
        @Nullable String id,
        @Nullable Instant startedAt,
        String service,
        String environment,
        @Nullable String baseline,
        @Nullable String canary,
        JsonNode config) {
    private static final Duration OLDEST = Duration.ofHours(1);
    private static final String CONFIG = "config";
    private static final String STARTED_AT = "started_at";

    /**
     * Reads a request strictly.
     *
     * @throws ApiException 400 with a pointer to each thing that is wrong
     */
    static StartRequest read(JsonNode body, CanarySchemas schemas, CanaryConfigs configs, Instant now) {
        List<FieldError> errors = new ArrayList<>(Bodies.errors("", schemas.run(body)));
        JsonNode config = body.path(CONFIG);
        if (config.has("metrics")) {
            errors.addAll(
                    Bodies.errors("/" + CONFIG, configs.read(config, List.of()).violations()));
        }
        Bodies.requireNone(errors);
        return new StartRequest(
                body.path("id").textValue(),
                startedAt(body.path(STARTED_AT), now).orElse(null),
                body.path("service").textValue(),
                body.path("environment").textValue(),
                body.path("baseline").textValue(),
                body.path("canary").textValue(),
                config);
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
                ConfigDigest.of(config),
                startedAt == null ? now : startedAt,
                List.of(),
                null);
    }

    /** Returns whether this is the request that has started a run, or the same again. */
    boolean hasStarted(CanaryRunDocument run) {
        return run.service().equals(service)
                && run.environment().equals(environment)
                && Objects.equals(run.baseline(), baseline)
                && Objects.equals(run.canary(), canary)
                && run.configDigest().equals(ConfigDigest.of(config))
                && (startedAt == null || run.startedAt().equals(startedAt));
    }
}
