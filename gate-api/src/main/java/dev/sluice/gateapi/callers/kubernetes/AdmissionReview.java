package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the API server asks.
 *
 * @param uid of the question; the answer has it too
 * @param operation CREATE, UPDATE, DELETE or CONNECT
 * @param group of the object's kind; empty for the core group
 * @param kind of the object
 * @param subresource what of the object is meant; empty for itself
 * @param namespace where it is; empty for what is in none
 * @param object as it would be; null where it is none
 * @param oldObject as it is; null where it is none
 */
record AdmissionReview(
        String uid,
        String operation,
        String group,
        String kind,
        String subresource,
        String namespace,
        @Nullable JsonNode object,
        @Nullable JsonNode oldObject) {
    /** The only version there is. */
    static final String API_VERSION = "admission.k8s.io/v1";

    /** The kind of questions and of answers. */
    static final String KIND = "AdmissionReview";

    private static final int MOST_OF_UID = 200;

    /**
     * Reads a question.
     *
     * @throws ApiException 400 where it is none that could be answered: an answer has the uid
     */
    static AdmissionReview read(JsonNode body) {
        JsonNode request = body.path("request");
        String uid = request.path("uid").asText();
        if (!body.path("apiVersion").asText().equals(API_VERSION)
                || !body.path("kind").asText().equals(KIND)
                || !request.path("uid").isTextual()
                || uid.isBlank()
                || uid.length() > MOST_OF_UID) {
            throw ApiException.invalidDocument("", "the body must be an AdmissionReview of " + API_VERSION);
        }
        return new AdmissionReview(
                uid,
                request.path("operation").asText(),
                request.at("/kind/group").asText(),
                request.at("/kind/kind").asText(),
                request.path("subResource").asText(),
                request.path("namespace").asText(),
                object(request.path("object")),
                object(request.path("oldObject")));
    }

    /** Returns the value of a label of the object; nothing where it has no such label, or one that says nothing. */
    Optional<String> label(String name) {
        return Optional.ofNullable(object)
                .map(found -> found.path("metadata").path("labels").path(name).textValue())
                .filter(value -> !value.isBlank());
    }

    private static @Nullable JsonNode object(JsonNode found) {
        return found.isObject() ? found : null;
    }
}
