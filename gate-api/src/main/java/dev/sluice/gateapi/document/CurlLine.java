package dev.sluice.gateapi.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An example request of an operation, written as a line for a shell.
 *
 * @param summary what it asks for
 * @param method HTTP method
 * @param target path and query
 * @param headers header fields that the operation needs, without the credential
 * @param body the body; empty for none
 * @param token whether a token is sent
 */
record CurlLine(String summary, String method, String target, Map<String, String> headers, String body, boolean token) {
    private static final String CONTINUED = " \\\n  ";

    CurlLine {
        headers = new LinkedHashMap<>(headers);
    }

    /**
     * Reads an element of an operation's {@code x-sluice-requests}.
     *
     * @param method HTTP method
     * @param operation the operation
     * @param request the element
     */
    static CurlLine of(String method, JsonNode operation, JsonNode request) {
        var headers = new LinkedHashMap<String, String>();
        request.path("headers")
                .properties()
                .forEach(field -> headers.put(field.getKey(), field.getValue().asText()));
        String body = "";
        if (request.has("content_type")) {
            String type = request.path("content_type").asText();
            headers.put("Content-Type", type);
            JsonNode value = operation
                    .path("requestBody")
                    .path("content")
                    .path(type)
                    .path("examples")
                    .path(request.path("example").asText())
                    .path("value");
            body = type.endsWith("json") ? new String(Json.bytes(value), StandardCharsets.UTF_8) : value.asText();
        }
        return new CurlLine(
                request.path("summary").asText(),
                method,
                request.path("target").asText(),
                headers,
                body,
                !operation.path("security").isEmpty());
    }

    /** Returns the line; it takes the server's address from {@code SLUICE_URL}, the token from {@code SLUICE_TOKEN}. */
    String text() {
        var line = new StringBuilder("curl -sS");
        if (!method.equals("GET")) {
            line.append(" -X ").append(method);
        }
        line.append(" \"$SLUICE_URL\"").append(quoted(target));
        if (token) {
            line.append(CONTINUED).append("-H \"Authorization: Bearer $SLUICE_TOKEN\"");
        }
        headers.forEach((name, value) -> line.append(CONTINUED).append("-H ").append(quoted(name + ": " + value)));
        if (!body.isEmpty()) {
            line.append(CONTINUED).append("--data-binary ").append(quoted(body));
        }
        return line.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
