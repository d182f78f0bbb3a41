package dev.sluice.gateapi.callers.argo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.Rollout;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request of Argo Rollouts: which rollout it is about and, where a run is to be started, what it is judged by. All
 * values are texts, as the arguments of an analysis are; only the config is an object.
 *
 * @param rollout the rollout. The number of the revision rises whenever a template is rolled out, an old one too
 * @param stage the stage of the rollout, from 1
 * @param start the body of a start, without an id; an empty object where none is meant
 */
record ArgoRequest(Rollout rollout, int stage, ObjectNode start) {
    private static final Set<String> OF_ROLLOUT = Set.of("namespace", "rollout", "revision", "canary");
    private static final Set<String> OF_START = Set.of("service", "environment", "stable", "stage", "config");
    private static final Pattern STAGE = Pattern.compile("[1-9][0-9]{0,2}");
    private static final int LONGEST = 253;

    /**
     * Reads the body by which a run is started and polled.
     *
     * @throws ApiException 400 with a pointer to each thing that is wrong
     */
    static ArgoRequest readStart(JsonNode body) {
        var reader = new Reader(body);
        reader.refuseOthers(true);
        int stage = reader.stage();
        ArgoRequest request = new ArgoRequest(reader.rollout(), stage, reader.start());
        reader.end();
        return request;
    }

    /**
     * Reads the body by which a run is ended.
     *
     * @throws ApiException 400 with a pointer to each thing that is wrong
     */
    static ArgoRequest readEnd(JsonNode body) {
        var reader = new Reader(body);
        reader.refuseOthers(false);
        ArgoRequest request = new ArgoRequest(reader.rollout(), 1, JsonNodeFactory.instance.objectNode());
        reader.end();
        return request;
    }

    /** Reads members, and notes what is wrong with them. */
    private static final class Reader {
        private final JsonNode body;
        private final List<FieldError> errors = new ArrayList<>();

        Reader(JsonNode body) {
            if (!body.isObject()) {
                throw ApiException.invalidDocument("", "the body must be an object");
            }
            this.body = body;
        }

        void refuseOthers(boolean isStart) {
            body.fieldNames().forEachRemaining(name -> {
                if (!OF_ROLLOUT.contains(name) && !(isStart && OF_START.contains(name))) {
                    errors.add(
                            new FieldError("/" + name.replace("~", "~0").replace("/", "~1"), "there is no such field"));
                }
            });
        }

        Rollout rollout() {
            return new Rollout(
                    Rollout.ARGO,
                    required("namespace"),
                    required("rollout"),
                    required("revision") + "/" + required("canary"));
        }

        ObjectNode start() {
            ObjectNode start = JsonNodeFactory.instance.objectNode();
            start.put(
                    "service",
                    optional("service").orElseGet(() -> body.path("rollout").asText()));
            start.put(
                    "environment",
                    optional("environment")
                            .orElseGet(() -> body.path("namespace").asText()));
            start.put("canary", body.path("canary").asText());
            optional("stable").ifPresent(stable -> start.put("baseline", stable));
            if (body.path("config").isObject() || body.path("config").isTextual()) {
                start.set("config", body.path("config"));
            } else {
                errors.add(new FieldError(
                        "/config", "config must be an object, as of POST /v1/canaries, or the name of one"));
            }
            return start;
        }

        int stage() {
            JsonNode node = body.path("stage");
            String text = node.isMissingNode() ? "1" : node.asText();
            if (!STAGE.matcher(text).matches() || Integer.parseInt(text) > Canaries.MAX_STAGES) {
                errors.add(new FieldError("/stage", "stage must be a number from 1 to " + Canaries.MAX_STAGES));
                return 1;
            }
            return Integer.parseInt(text);
        }

        private String required(String field) {
            return text(field, true).orElse("");
        }

        private Optional<String> optional(String field) {
            return text(field, false);
        }

        /** An argument that nobody has set is an empty text. */
        private Optional<String> text(String field, boolean isRequired) {
            JsonNode node = body.path(field);
            @Nullable String text = node.textValue();
            Optional<String> given = Optional.ofNullable(text).filter(value -> !value.isBlank());
            boolean isText = node.isMissingNode() || (text != null && text.length() <= LONGEST);
            if (!isText || (isRequired && given.isEmpty())) {
                errors.add(new FieldError(
                        "/" + field,
                        field + " must be a text of " + (isRequired ? "1" : "0") + " to " + LONGEST + " characters"));
                return Optional.empty();
            }
            return given;
        }

        void end() {
            if (!errors.isEmpty()) {
                throw ApiException.invalidDocument(errors);
            }
        }
    }
}
