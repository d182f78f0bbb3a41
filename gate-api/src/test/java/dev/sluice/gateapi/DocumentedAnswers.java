package dev.sluice.gateapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.document.DocumentSchemas;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;

/** Checks that an answer is one that the API's document has foretold: status, headers, content type and body. */
final class DocumentedAnswers {
    private static final JsonNode DOCUMENT = ApiDocument.load().json();
    private static final DocumentSchemas SCHEMAS = new DocumentSchemas(DOCUMENT);
    private static final String PROBLEM = "/components/schemas/Problem";

    private DocumentedAnswers() {}

    static void check(HttpResponse<byte[]> answer) {
        String method = answer.request().method().toLowerCase(Locale.ROOT);
        String what = method + " " + answer.request().uri() + ": " + answer.statusCode();
        Optional<String> path = path(answer.request().uri().getPath());
        if (path.isEmpty() || !DOCUMENT.path("paths").path(path.get()).has(method)) {
            assertThat(answer.statusCode()).as(what).isEqualTo(path.isEmpty() ? 404 : 405);
            assertSatisfied(what, PROBLEM, answer.body());
            return;
        }
        String pointer = resolved("/paths/" + escaped(path.get()) + "/" + method + "/responses/" + answer.statusCode());
        JsonNode response = DOCUMENT.at(pointer);
        assertThat(response.isObject()).as(what + " is documented").isTrue();
        response.path("headers")
                .properties()
                .forEach(header -> assertThat(answer.headers().firstValue(header.getKey()))
                        .as(what + " has header " + header.getKey())
                        .isPresent());
        String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        if (answer.statusCode() == 204 || answer.statusCode() == 303) {
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        assertThat(response.path("content").has(type))
                .as(what + " may be " + type)
                .isTrue();
        if (type.endsWith("json")) {
            assertSatisfied(what, pointer + "/content/" + escaped(type) + "/schema", answer.body());
        }
    }

    private static void assertSatisfied(String what, String pointer, byte[] body) {
        try {
            assertThat(SCHEMAS.violations(pointer, Json.mapper().readTree(body)))
                    .as(what)
                    .isEmpty();
        } catch (IOException e) {
            throw new AssertionError(what + " is not JSON", e);
        }
    }

    private static Optional<String> path(String path) {
        return DOCUMENT.path("paths").properties().stream()
                .map(java.util.Map.Entry::getKey)
                .filter(template -> path.matches(template.replaceAll("\\{\\w+}", "[^/]+")))
                .findFirst();
    }

    private static String resolved(String pointer) {
        JsonNode node = DOCUMENT.at(pointer);
        return node.has("$ref") ? node.path("$ref").asText().substring(1) : pointer;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
