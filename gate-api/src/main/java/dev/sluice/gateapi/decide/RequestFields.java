package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a request strictly, and collects what is wrong with them. */
final class RequestFields {
    private static final int MAX_TEXT = 300;
    private static final Set<String> ARTIFACT_FIELDS = Set.of("version", "digest", "commit");

    private final JsonNode body;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * Creates a reader.
     *
     * @throws ApiException if the body is no object
     */
    RequestFields(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        this.body = body;
    }

    /** Returns a text that must be there; null if that is not so, which {@link #requireValid} tells. */
    @Nullable
    String required(String field) {
        return text(body, "", field, true);
    }

    /** Returns a text; null if it is not there. */
    @Nullable
    String optional(String field) {
        return text(body, "", field, false);
    }

    /** Returns the field {@code artifact}; null if it is not there. */
    GateRequest.@Nullable Artifact artifact() {
        JsonNode given = body.path("artifact");
        if (given.isObject()) {
            rejectUnknown(given, "/artifact", ARTIFACT_FIELDS, errors);
            return new GateRequest.Artifact(
                    text(given, "/artifact", "version", false),
                    text(given, "/artifact", "digest", false),
                    text(given, "/artifact", "commit", false));
        }
        if (!given.isMissingNode()) {
            errors.add(new FieldError("/artifact", "artifact must be an object"));
        }
        return null;
    }

    /**
     * Returns normally if all that was read is right and there is no other field.
     *
     * @throws ApiException with a pointer to each thing that is wrong
     */
    void requireValid(String... known) {
        var all = new ArrayList<FieldError>();
        rejectUnknown(body, "", Set.of(known), all);
        all.addAll(errors);
        if (!all.isEmpty()) {
            throw ApiException.invalidDocument(all);
        }
    }

    private static void rejectUnknown(JsonNode object, String pointer, Set<String> known, List<FieldError> found) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!known.contains(field.getKey())) {
                found.add(new FieldError(
                        pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                        "there is no such field"));
            }
        }
    }

    private @Nullable String text(JsonNode object, String pointer, String field, boolean required) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() && !required) {
            return null;
        }
        if (!value.isTextual()
                || value.textValue().isBlank()
                || value.textValue().length() > MAX_TEXT) {
            errors.add(new FieldError(
                    pointer + "/" + field, field + " must be a text of 1 to " + MAX_TEXT + " characters"));
            return null;
        }
        return value.textValue();
    }
}
