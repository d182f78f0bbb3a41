package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** What tests ask of canary runs. */
final class CanaryCalls {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private CanaryCalls() {}

    /** Returns a run as the API tells it; nothing in it while nobody answers. */
    static JsonNode get(SluiceProcess sluice, String run) {
        try {
            HttpResponse<byte[]> answer = HTTP.send(
                    HttpRequest.newBuilder(sluice.url().resolve("/v1/canaries/" + run))
                            .build(),
                    BodyHandlers.ofByteArray());
            return Json.mapper().readTree(answer.body());
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static HttpResponse<String> post(SluiceProcess sluice, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(sluice.url().resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
