package dev.sluice.gateapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.document.ApiDocument;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An operation of the API, with one of its requests in the document.
 *
 * @param method of HTTP
 * @param path with names in braces where something is to be put
 * @param isOpen whether anybody may ask without a token
 * @param target path and query of the request
 * @param type of its body; empty where it has none
 * @param body as the document has it
 * @param headers of the request
 */
record DocumentedOperation(
        String method,
        String path,
        boolean isOpen,
        String target,
        String type,
        String body,
        Map<String, String> headers) {

    /** Returns all operations, each with its first request, in the document's order. */
    static List<DocumentedOperation> all() {
        var all = new ArrayList<DocumentedOperation>();
        ApiDocument.load()
                .json()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> all.add(of(
                                method.getKey(),
                                path.getKey(),
                                method.getValue(),
                                method.getValue().path("x-sluice-requests").path(0)))));
        return List.copyOf(all);
    }

    /** Returns an operation with one of its requests. */
    static DocumentedOperation of(String method, String path, JsonNode operation, JsonNode request) {
        String type = request.path("content_type").asText();
        JsonNode body = operation
                .path("requestBody")
                .path("content")
                .path(type)
                .path("examples")
                .path(request.path("example").asText())
                .path("value");
        Map<String, String> headers = new TreeMap<>();
        request.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return new DocumentedOperation(
                method.toUpperCase(Locale.ROOT),
                path,
                operation.path("security").isEmpty(),
                request.path("target").asText(),
                type,
                type.isEmpty() ? "" : type.endsWith("json") ? body.toString() : body.asText(),
                headers);
    }

    /** Returns its name, e.g. {@code GET /v1/tokens}. */
    String name() {
        return method + " " + path;
    }

    /** Returns whether its path names something. */
    boolean hasId() {
        return path.contains("{");
    }

    /** Returns the request; who asks is not in it yet. */
    HttpRequest.Builder request(GateApi api) {
        return request(api, target, body);
    }

    /** Returns a request to a target, with a body; who asks is not in it yet. */
    HttpRequest.Builder request(GateApi api, String to, String text) {
        HttpRequest.Builder request = GateApiFixture.request(api, to)
                .method(
                        method,
                        text.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(text));
        headers.forEach(request::setHeader);
        return type.isEmpty() ? request : request.setHeader("Content-Type", type);
    }
}
