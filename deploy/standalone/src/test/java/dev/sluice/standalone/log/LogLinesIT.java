package dev.sluice.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log has of requests by somebody who would like to write it. */
class LogLinesIT {
    private static final String FORGED = "2026-03-01T12:00:00.000Z ERROR [main] d.s.Sluice - all is lost";
    private static final List<String> TEXTS = List.of(
            "checkout\r\n" + FORGED + "\u001b[2J\u2028" + FORGED + "\u0085\u202e\" outcome=\"told", "x".repeat(10_000));
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void aRequestWritesNoLineOfItsOwn_whateverStandsInIt() throws Exception {
        try (var log = LogOfSluice.ofTheProcess(directory);
                KafkaBroker broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                GateApi api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                        .withPort(0)
                        .withEnvironment(Map.of("SLUICE_SECRET_HOOK", "secret")))) {
            int sent = 0;
            for (String text : TEXTS) {
                sent += sendAll(api, text);
            }

            List<String> lines = log.lines();
            assertThat(sent).isGreaterThan(600);
            assertThat(lines).allSatisfy(LogOfSluice::assertLine);
            assertThat(lines)
                    .as("a line for each request that is refused, with its path")
                    .filteredOn(line -> line.contains("request ended with a problem"))
                    .hasSizeGreaterThan(100)
                    .anyMatch(line -> line.contains("checkout%0D%0A2026-03-01"));
        }
    }

    /** Sends each request of the API with a text in all places where it has one. */
    private static int sendAll(GateApi api, String text) throws Exception {
        JsonNode document = Json.mapper()
                .readTree(send(api, "GET", "/openapi.json", "", "", "").body());
        int sent = 0;
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                JsonNode request =
                        operation.getValue().path("x-sluice-requests").path(0);
                String type = request.path("content_type").asText();
                String body = body(operation.getValue(), request, type, text);
                String target = request.path("target").asText();
                String encoded =
                        URLEncoder.encode(text.substring(0, Math.min(text.length(), 2_000)), StandardCharsets.UTF_8);
                for (String url : List.of(
                        target,
                        path.getKey().replaceAll("\\{[a-z]+}", encoded),
                        target + (target.contains("?") ? "&" : "?") + "service=" + encoded)) {
                    sent += isAnswered(api, method, url, type, body, text) ? 1 : 0;
                }
            }
        }
        return sent;
    }

    /** A body that is too large is not read to its end, and the connection is cut off. */
    private static boolean isAnswered(
            GateApi api, String method, String target, String type, String body, String header)
            throws InterruptedException {
        try {
            send(api, method, target, type, body, header);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String body(JsonNode operation, JsonNode request, String type, String text) {
        JsonNode example = operation.at("/requestBody/content/" + type.replace("/", "~1") + "/examples/"
                + request.path("example").asText() + "/value");
        if (type.endsWith("json")) {
            return filled(example, text).toString();
        }
        return type.endsWith("urlencoded")
                ? example.asText().replaceAll("=[^&]*", "=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
                : text;
    }

    /** Returns a document whose texts are all this one, but those by which it is read at all. */
    private static JsonNode filled(JsonNode example, String text) {
        if (example.isTextual()) {
            return Json.mapper().getNodeFactory().textNode(text);
        }
        if (example instanceof ArrayNode list) {
            ArrayNode filled = Json.mapper().createArrayNode();
            list.forEach(one -> filled.add(filled(one, text)));
            return filled;
        }
        if (example instanceof ObjectNode object) {
            ObjectNode filled = Json.mapper().createObjectNode();
            object.properties().forEach(field -> filled.set(field.getKey(), filled(field.getValue(), text)));
            return filled;
        }
        return example;
    }

    private static HttpResponse<String> send(
            GateApi api, String method, String target, String type, String body, String header)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        String sendable = header.replaceAll("[^\\x20-\\x7e]", "").substring(0, Math.min(header.length() / 2, 2_000));
        if (!sendable.isEmpty()) {
            request.header("X-GitHub-Event", sendable).header("User-Agent", sendable);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
