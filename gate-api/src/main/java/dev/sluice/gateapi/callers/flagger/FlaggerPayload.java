package dev.sluice.gateapi.callers.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.Rollout;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook of Flagger carries: its canary, the revision by its checksum, and the texts that the canary's spec has for the
 * hook as {@code metadata}.
 */
final class FlaggerPayload {
    private static final int LONGEST_NAME = 253;

    private final JsonNode metadata;
    private final String namespace;
    private final String name;
    private final String phase;
    private final String checksum;

    private FlaggerPayload(JsonNode metadata, String namespace, String name, String phase, String checksum) {
        this.metadata = metadata;
        this.namespace = namespace;
        this.name = name;
        this.phase = phase;
        this.checksum = checksum;
    }

    /**
     * Reads the metadata's token of a body, in which all else may be wrong.
     *
     * @return the token; null where there is none
     */
    static @Nullable String token(JsonNode body) {
        return body.path("metadata").path("token").textValue();
    }

    /**
     * Reads a body.
     *
     * @throws ApiException 400 with a pointer if it says not which canary and revision it is about
     */
    static FlaggerPayload read(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        JsonNode metadata = body.path("metadata");
        if (!metadata.isMissingNode() && !metadata.isNull() && !metadata.isObject()) {
            throw ApiException.invalidDocument("/metadata", "metadata must be an object of texts");
        }
        return new FlaggerPayload(
                metadata,
                text(body, "namespace"),
                text(body, "name"),
                body.path("phase").asText(),
                text(body, "checksum"));
    }

    private static String text(JsonNode body, String field) {
        return Optional.ofNullable(body.path(field).textValue())
                .filter(text -> !text.isBlank() && text.length() <= LONGEST_NAME)
                .orElseThrow(() -> ApiException.invalidDocument(
                        "/" + field, field + " must be a text of 1 to " + LONGEST_NAME + " characters"));
    }

    /** Returns the rollout that the hook is about. */
    Rollout rollout() {
        return new Rollout(Rollout.FLAGGER, namespace, name, checksum);
    }

    /** Returns the phase of the canary. */
    String phase() {
        return phase;
    }

    /** Returns whether the hook says what the canary is to be judged by. */
    boolean hasConfig() {
        return metadata.has("config");
    }

    /**
     * Returns the body of a start, without an id: service, environment, config and versions from the metadata, the name of the
     * canary and its namespace where that does not name the first two.
     *
     * @throws ApiException 400 with a pointer if the config is no JSON
     */
    ObjectNode start() {
        ObjectNode start = JsonNodeFactory.instance.objectNode();
        start.put("service", metadata("service").orElse(name));
        start.put("environment", metadata("environment").orElse(namespace));
        start.put("canary", metadata("canary").orElse(checksum));
        metadata("baseline").ifPresent(baseline -> start.put("baseline", baseline));
        String config = metadata("config")
                .orElseThrow(() -> ApiException.invalidDocument(
                        "/metadata/config",
                        "metadata must have a config: JSON, as of POST /v1/canaries, or the name of one"));
        if (!config.strip().startsWith("{")) {
            return start.put("config", config.strip());
        }
        try {
            start.set("config", Requests.json(config.getBytes(StandardCharsets.UTF_8)));
        } catch (ApiException e) {
            throw ApiException.invalidDocument("/metadata/config", e.line());
        }
        return start;
    }

    private Optional<String> metadata(String field) {
        return Optional.ofNullable(metadata.path(field).textValue());
    }
}
