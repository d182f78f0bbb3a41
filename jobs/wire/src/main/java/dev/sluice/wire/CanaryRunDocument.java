package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is set of a canary run: the document of a {@link Control} of kind {@link Control#CANARY}. The config is that of the start
 * and never changes.
 *
 * @param service the service that is rolled out
 * @param environment where
 * @param baseline the version in place; null where nobody has said it
 * @param canary the new version; null where nobody has said it
 * @param config what it is judged by, as it was given
 * @param configName the name of the config that it was made of; null where it was given with the start
 * @param configDigest SHA-256 of the config in canonical form, {@code sha256:...}
 * @param startedAt when the canary began to have traffic
 * @param stages when each further stage began, in order
 * @param endedAt when the rollout ended; null while it goes on
 */
public record CanaryRunDocument(
        String service,
        String environment,
        @Nullable String baseline,
        @Nullable String canary,
        JsonNode config,
        @Nullable String configName,
        String configDigest,
        Instant startedAt,
        List<Instant> stages,
        @Nullable Instant endedAt) {
    public CanaryRunDocument {
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(config, "config");
        requireNonNull(configDigest, "configDigest");
        requireNonNull(startedAt, "startedAt");
        stages = List.copyOf(stages);
    }

    /** A run whose config was given with its start. */
    public CanaryRunDocument(
            String service,
            String environment,
            @Nullable String baseline,
            @Nullable String canary,
            JsonNode config,
            String configDigest,
            Instant startedAt,
            List<Instant> stages,
            @Nullable Instant endedAt) {
        this(service, environment, baseline, canary, config, null, configDigest, startedAt, stages, endedAt);
    }

    /**
     * Reads the document of a control record.
     *
     * @throws MalformedRecordException if it is none
     */
    public static CanaryRunDocument of(Control control) {
        return Json.read(Json.bytes(control.document()), CanaryRunDocument.class);
    }

    /** Returns this as JSON. */
    public JsonNode json() {
        return Json.mapper().valueToTree(this);
    }

    /** Returns whether the rollout has ended. */
    @JsonIgnore
    public boolean isEnded() {
        return endedAt != null;
    }

    /** Returns whether what its config has learned between runs is known of: only one that has a name learns. */
    public boolean learns() {
        return configName != null && CanaryConfigs.learns(config);
    }

    /** Returns when its last stage began, which is its start where there is one. */
    public Instant lastChange() {
        return stages.isEmpty() ? startedAt : stages.get(stages.size() - 1);
    }

    /** Returns the run as if it had begun at another time. */
    public CanaryRunDocument startingAt(Instant at) {
        return new CanaryRunDocument(
                service, environment, baseline, canary, config, configName, configDigest, at, stages, endedAt);
    }

    /** Returns the run with a further stage. */
    public CanaryRunDocument withStage(Instant at) {
        List<Instant> more = new ArrayList<>(stages);
        more.add(at);
        return new CanaryRunDocument(
                service, environment, baseline, canary, config, configName, configDigest, startedAt, more, endedAt);
    }

    /** Returns the run as it ended. */
    public CanaryRunDocument endedAt(Instant at) {
        return new CanaryRunDocument(
                service, environment, baseline, canary, config, configName, configDigest, startedAt, stages, at);
    }
}
