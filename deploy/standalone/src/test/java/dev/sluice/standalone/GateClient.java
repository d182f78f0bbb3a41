package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What pipelines and people ask a gate API, over HTTP. */
final class GateClient {
    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int NOT_FOUND = 404;
    static final int UNAVAILABLE = 503;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI url;

    GateClient(URI url) {
        this.url = url;
    }

    /** Sends one event; nothing if nobody answers. */
    Optional<Answer> send(String event) throws InterruptedException {
        return answer(request("/v1/events")
                .header("Content-Type", "application/cloudevents+json")
                .POST(BodyPublishers.ofString(event)));
    }

    /** Corrects something; nothing if nobody answers. */
    Optional<Answer> correct(String correction) throws InterruptedException {
        return answer(request("/v1/corrections")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(correction)));
    }

    /** Sends a batch of events; nothing if nobody answers. */
    Optional<Answer> sendBatch(String events) throws InterruptedException {
        return answer(request("/v1/events")
                .header("Content-Type", "application/cloudevents-batch+json")
                .POST(BodyPublishers.ofString(events)));
    }

    /** Sets a connection up; nothing if nobody answers. */
    Optional<Answer> connect(String id, String connection) throws InterruptedException {
        return put("/v1/connections/" + id, connection);
    }

    /** Sends a webhook with a secret in its header; nothing if nobody answers. */
    Optional<Answer> webhook(String connection, String secret, String body) throws InterruptedException {
        return answer(request("/v1/webhooks/" + connection)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + secret)
                .POST(BodyPublishers.ofString(body)));
    }

    /** Asks whether a service may go to production; nothing if nobody answers. */
    Optional<Answer> ask(String service) throws InterruptedException {
        return answer(request("/v1/gates/production/evaluate")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"service\":\"" + service + "\",\"environment\":\"production\"}")));
    }

    /** Asks for the metrics of the last 30 days; nothing if nobody answers. */
    Optional<Answer> dora(String service) throws InterruptedException {
        return get("/v1/dora?window=30d&environment=production&service=" + service);
    }

    /** Sets something up; nothing if nobody answers. */
    Optional<Answer> put(String path, String json) throws InterruptedException {
        return answer(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    /** Asks for something; nothing if nobody answers. */
    Optional<Answer> get(String path) throws InterruptedException {
        return answer(request(path).GET());
    }

    /** Asks for something and does not wait. */
    CompletableFuture<HttpResponse<byte[]>> getLater(String path) {
        return http.sendAsync(request(path).GET().build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).timeout(LIMIT);
    }

    private Optional<Answer> answer(HttpRequest.Builder request) throws InterruptedException {
        long started = System.nanoTime();
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return Optional.of(new Answer(
                    response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8),
                    Duration.ofNanos(System.nanoTime() - started)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param text body
     * @param took from the request to the whole answer
     */
    record Answer(int status, String text, Duration took) {
        JsonNode json() {
            try {
                return Json.mapper().readTree(text);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }

        /** Returns whether the gate lets the service go on. */
        boolean allowed() {
            return status == OK && json().path("allowed").asBoolean();
        }

        /** Returns whether the gate does not, because its knowledge is too old. */
        boolean refusedAsStale() {
            return (status == OK || status == ACCEPTED)
                    && !json().path("allowed").asBoolean(true)
                    && json().path("code").asText().equals("stale")
                    && json().at("/freshness/stale").asBoolean();
        }
    }
}
