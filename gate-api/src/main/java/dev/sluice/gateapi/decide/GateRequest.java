package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A question to a gate.
 *
 * @param gate the gate's name
 * @param service which service
 * @param environment where it would go
 * @param artifact what would go there; the decision holds for nothing else
 */
record GateRequest(
        String gate,
        String service,
        String environment,
        @Nullable Artifact artifact) {
    private static final Pattern GATE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int MAX_TEXT = 300;
    private static final Set<String> FIELDS = Set.of("service", "environment", "artifact");
    private static final Set<String> ARTIFACT_FIELDS = Set.of("version", "digest", "commit");

    /**
     * Reads a question strictly.
     *
     * @throws ApiException with a pointer to each thing that is wrong
     */
    static GateRequest read(String gate, JsonNode body) {
        if (!GATE.matcher(gate).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST, "the name of a gate is made of letters, digits, dots and dashes");
        }
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        var errors = new ArrayList<ApiException.FieldError>();
        rejectUnknown(body, "", FIELDS, errors);
        String service = text(body, "", "service", true, errors);
        String environment = text(body, "", "environment", true, errors);
        JsonNode given = body.path("artifact");
        @Nullable Artifact artifact = null;
        if (given.isObject()) {
            rejectUnknown(given, "/artifact", ARTIFACT_FIELDS, errors);
            artifact = new Artifact(
                    text(given, "/artifact", "version", false, errors),
                    text(given, "/artifact", "digest", false, errors),
                    text(given, "/artifact", "commit", false, errors));
        } else if (!given.isMissingNode()) {
            errors.add(new ApiException.FieldError("/artifact", "artifact must be an object"));
        }
        if (service == null || environment == null || !errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
        return new GateRequest(gate, service, environment, artifact);
    }

    private static void rejectUnknown(
            JsonNode object, String pointer, Set<String> known, List<ApiException.FieldError> errors) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!known.contains(field.getKey())) {
                errors.add(new ApiException.FieldError(
                        pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                        "there is no such field"));
            }
        }
    }

    private static @Nullable String text(
            JsonNode object, String pointer, String field, boolean required, List<ApiException.FieldError> errors) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() && !required) {
            return null;
        }
        if (!value.isTextual()
                || value.textValue().isBlank()
                || value.textValue().length() > MAX_TEXT) {
            errors.add(new ApiException.FieldError(
                    pointer + "/" + field, field + " must be a text of 1 to " + MAX_TEXT + " characters"));
            return null;
        }
        return value.textValue();
    }

    /**
     * What would be deployed, as far as the caller says.
     *
     * @param version as its users call it
     * @param digest of its content
     * @param commit that it was built from
     */
    record Artifact(
            @Nullable String version,
            @Nullable String digest,
            @Nullable String commit) {}
}
