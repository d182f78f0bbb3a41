package dev.sluice.gateapi.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The document by itself: its structure, its examples, the page made of it, and the reference beside it. */
class ApiDocumentTest {
    private static final ApiDocument API = ApiDocument.load();
    private static final JsonNode DOCUMENT = API.json();
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final Path REFERENCE = Path.of("..", "docs", "reference");

    /** Calls back for each value of a document with its JSON pointer. */
    private static void walk(JsonNode node, String pointer, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(pointer, node);
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), pointer + "/" + i, visitor);
            }
        }
        node.properties()
                .forEach(field -> walk(
                        field.getValue(),
                        pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                        visitor));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Calls back for each operation with its method, its path and itself. */
    private static void operations(OperationVisitor visitor) {
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> visitor.visit(method.getKey(), path.getKey(), method.getValue())));
    }

    private interface OperationVisitor {
        void visit(String method, String path, JsonNode operation);
    }

    @Test
    void isOpenApi31_withAllThatItRequires() {
        assertThat(DOCUMENT.path("openapi").asText()).matches("3\\.1\\.\\d+");
        assertThat(DOCUMENT.at("/info/title").asText()).isNotBlank();
        assertThat(DOCUMENT.at("/info/version").asText()).isNotBlank();
        assertThat(DOCUMENT.path("paths").properties())
                .extracting(Map.Entry::getKey)
                .allMatch(path -> path.startsWith("/"));
        Set<String> tags = new HashSet<>();
        DOCUMENT.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        Set<String> ids = new HashSet<>();
        operations((method, path, operation) -> {
            String name = method + " " + path;
            assertThat(METHODS).as(name).contains(method);
            assertThat(ids.add(operation.path("operationId").asText())).as(name).isTrue();
            assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            assertThat(tags).as(name).containsAll(texts(operation.path("tags")));
            assertThat(operation.path("responses").properties())
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy(response -> {
                        assertThat(response.getKey()).matches("[1-5]\\d\\d");
                        assertThat(resolved(response.getValue())
                                        .path("description")
                                        .asText())
                                .isNotBlank();
                    });
            assertThat(operation.path("x-sluice-requests")).as(name).isNotEmpty();
        });
    }

    @Test
    void eachReferenceResolves_andEachComponentIsReferredTo() {
        Set<String> referred = new HashSet<>();
        walk(DOCUMENT, "", (pointer, node) -> {
            if (node.path("$ref").isTextual()) {
                String reference = node.path("$ref").asText();
                assertThat(reference).as(pointer).startsWith("#/components/");
                assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(pointer + " refers to " + reference)
                        .isFalse();
                referred.add(reference);
            }
        });
        for (String kind : List.of("schemas", "responses", "parameters")) {
            DOCUMENT.path("components")
                    .path(kind)
                    .properties()
                    .forEach(component ->
                            assertThat(referred).contains("#/components/" + kind + "/" + component.getKey()));
        }
    }

    @Test
    void declaresTheParametersOfEachPath_andNoOthers() {
        Pattern inPath = Pattern.compile("\\{(\\w+)}");
        operations((method, path, operation) -> {
            var declared = new ArrayList<String>();
            var seen = new HashSet<String>();
            for (JsonNode given : operation.path("parameters")) {
                JsonNode parameter = resolved(given);
                String name = parameter.path("name").asText();
                assertThat(seen.add(parameter.path("in").asText() + name))
                        .as(path + " " + name)
                        .isTrue();
                assertThat(parameter.path("schema").isObject())
                        .as(path + " " + name)
                        .isTrue();
                assertThat(parameter.path("description").asText())
                        .as(path + " " + name)
                        .isNotBlank();
                assertThat(parameter.has("example")).as(path + " " + name).isTrue();
                if (parameter.path("in").asText().equals("path")) {
                    assertThat(parameter.path("required").booleanValue()).isTrue();
                    declared.add(name);
                }
            }
            assertThat(declared)
                    .as(path)
                    .containsExactlyElementsOf(inPath.matcher(path)
                            .results()
                            .map(match -> match.group(1))
                            .toList());
        });
    }

    @Test
    void eachExampleSatisfiesItsSchema() {
        var schemas = new DocumentSchemas(DOCUMENT);
        var checked = new ArrayList<String>();
        walk(DOCUMENT, "", (pointer, node) -> {
            if (!node.path("schema").isObject() || pointer.endsWith("/properties")) {
                return;
            }
            if (node.has("example")) {
                assertThat(schemas.violations(pointer + "/schema", node.path("example")))
                        .as(pointer)
                        .isEmpty();
                checked.add(pointer);
            }
            node.path("examples").properties().forEach(example -> {
                assertThat(schemas.violations(
                                pointer + "/schema", example.getValue().path("value")))
                        .as(pointer + "/examples/" + example.getKey())
                        .isEmpty();
                checked.add(pointer + "/" + example.getKey());
            });
        });
        assertThat(checked).hasSizeGreaterThan(40);
    }

    /** These schemas stand in the document once more, for its readers. */
    @ParameterizedTest
    @CsvSource({
        "corrections, corrections/examples",
        "canaries, canary/runs",
        "samples, canary/samples",
    })
    void takesTheSameBodiesAsTheirOwnSchema(String path, String folder) throws IOException {
        var schemas = new DocumentSchemas(DOCUMENT);
        String schema = "/paths/~1v1~1" + path + "/post/requestBody/content/application~1json/schema";
        Path examples = Path.of("..", "schemas").resolve(folder);
        for (boolean valid : new boolean[] {true, false}) {
            try (Stream<Path> files = Files.list(examples.resolve(valid ? "valid" : "invalid"))) {
                assertThat(files.filter(file -> file.toString().endsWith(".json")))
                        .hasSizeGreaterThan(2)
                        .allSatisfy(file -> assertThat(
                                        schemas.violations(schema, Json.mapper().readTree(file.toFile()))
                                                .isEmpty())
                                .isEqualTo(valid));
            }
        }
    }

    @Test
    void theCheckOfExamplesFindsWhatIsWrong() {
        var schemas = new DocumentSchemas(DOCUMENT);
        String schema = "/components/schemas/Receipt";
        ObjectNode receipt = Json.mapper().createObjectNode();
        receipt.put("id", "d-0-1")
                .put("status_url", "/v1")
                .put("event_id", "1")
                .put("received_at", "2026-03-01T12:00:00Z");

        assertThat(schemas.violations(schema, receipt)).isEmpty();
        assertThat(schemas.violations(schema, receipt.deepCopy().put("id", 1))).hasSize(1);
        assertThat(schemas.violations(schema, receipt.deepCopy().put("received_at", "today")))
                .hasSize(1);
        assertThat(schemas.violations(schema, receipt.deepCopy().put("undocumented", 1)))
                .hasSize(1);
        assertThat(schemas.violations(schema, receipt.deepCopy().without("id"))).hasSize(1);
    }

    @Test
    void theExampleOfAWebhookIsSigned() throws Exception {
        JsonNode operation =
                DOCUMENT.path("paths").path("/v1/webhooks/{connection}").path("post");
        CurlLine line = CurlLine.of(
                "POST", operation, operation.path("x-sluice-requests").get(0));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("It's a Secret to Everybody".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));

        assertThat(line.headers())
                .containsEntry(
                        "X-Hub-Signature-256",
                        "sha256="
                                + HexFormat.of()
                                        .formatHex(mac.doFinal(line.body().getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void namesEachKindOfProblem() {
        assertThat(texts(DOCUMENT.at("/components/schemas/Problem/properties/type/enum")))
                .containsExactlyElementsOf(
                        Stream.of(ErrorType.values()).map(ErrorType::uri).toList());
        DOCUMENT.at("/components/responses").properties().forEach(response -> {
            JsonNode example = response.getValue()
                    .path("content")
                    .path("application/problem+json")
                    .path("example");
            assertThat(ErrorType.values()).anySatisfy(type -> {
                assertThat(type.uri()).isEqualTo(example.path("type").asText());
                assertThat(type.status()).isEqualTo(example.path("status").asInt());
                assertThat(type.title()).isEqualTo(example.path("title").asText());
            });
        });
    }

    @Test
    void thePageShowsEachOperationParameterAndSchema_andNothingActive() {
        String page = API.html();

        operations((method, path, operation) -> assertThat(page)
                .contains("id=\"" + operation.path("operationId").asText() + "\"")
                .contains("<code>" + method.toUpperCase(Locale.ROOT) + " " + path + "</code>"));
        DOCUMENT.at("/components/schemas")
                .properties()
                .forEach(schema -> assertThat(page).contains("id=\"schema-" + schema.getKey() + "\""));
        assertThat(page)
                .contains("<dt><code>X-Hub-Signature-256</code>")
                .contains("<pre>export SLUICE_URL=http://127.0.0.1:8080</pre>")
                .contains("curl -sS -X POST &quot;$SLUICE_URL&quot;&#39;/v1/events&#39;")
                .contains("--data-binary &#39;query=vector(1)&#39;")
                .contains("name=\"viewport\"")
                .doesNotContain("<script", "javascript:", " onclick", " style=", "src=", "<img", "<link");
        Matcher link = Pattern.compile("href=\"#([^\"]+)\"").matcher(page);
        while (link.find()) {
            assertThat(page).contains("id=\"" + link.group(1) + "\"");
        }
    }

    @Test
    void thePageEscapesWhatTheDocumentSays() {
        ObjectNode hostile = (ObjectNode) API.json();
        ((ObjectNode) hostile.path("info")).put("title", "<script>alert('1')</script>&\"");
        ((ObjectNode) hostile.at("/paths/~1v1~1services/get")).put("summary", "a `<b>` \"b\"");

        assertThat(ApiPage.of(hostile).html())
                .contains("<title>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;</title>")
                .contains("a `&lt;b&gt;` &quot;b&quot;")
                .doesNotContain("<script", "<b>");
    }

    @Test
    void curlLinesQuoteWhatAShellWouldRead() {
        var line = new CurlLine("s", "POST", "/v1/x?a=b&c=$d", Map.of("X", "it's"), "{\"a\":\"'; rm -rf /\"}", true);

        assertThat(line.text()).isEqualTo("""
                curl -sS -X POST "$SLUICE_URL"'/v1/x?a=b&c=$d' \\
                  -H "Authorization: Bearer $SLUICE_TOKEN" \\
                  -H 'X: it'\\''s' \\
                  --data-binary '{"a":"'\\''; rm -rf /"}'""");
    }

    @Test
    void theReferenceHasOneRowForEachOperation() throws IOException {
        String reference = Files.readString(REFERENCE.resolve("api.md"));
        var rows = new ArrayList<String>();
        operations((method, path, operation) -> {
            JsonNode scopes = operation.path("security").path(0).path("token");
            rows.add("| `%s %s` | %s | %s |"
                    .formatted(
                            method.toUpperCase(Locale.ROOT),
                            path,
                            scopes.isEmpty() ? "none" : "`" + scopes.get(0).asText() + "`",
                            operation.path("summary").asText()));
        });

        assertThat(reference.lines().filter(line -> line.matches("\\| `(GET|POST|PUT|DELETE|PATCH) .*")))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void theReferenceNamesEachKindOfProblem() throws IOException {
        String reference = Files.readString(REFERENCE.resolve("api.md"));

        assertThat(reference.lines().filter(line -> line.startsWith("| `urn:sluice:problem:")))
                .zipSatisfy(
                        List.of(ErrorType.values()),
                        (row, type) -> assertThat(row).startsWith("| `" + type.uri() + "` | " + type.status() + " | "));
    }

    @Test
    void theReferenceOfTheConfigurationNamesEachVariable() throws IOException {
        String reference = Files.readString(REFERENCE.resolve("configuration.md"));

        assertThat(Pattern.compile("^\\| `(SLUICE_[A-Z_]+)` \\|", Pattern.MULTILINE)
                        .matcher(reference)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(GateApiConfig.keys());
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
    }
}
