package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries as people have them: nginx under wrk, mtail, and a Prometheus that writes to Sluice. A clean one passes; one that answers
 * with 3 % errors instead of 1 % fails by its errors, one of which every fifth request is slow by its duration.
 */
class PrometheusCanaryIT {
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Regression CLEAN = new Regression(0.01, 0.01, 0, Duration.ZERO);
    private static final Regression FAILING = new Regression(0.01, 0.03, 0, Duration.ZERO);
    private static final Regression SLOW = new Regression(0.01, 0.01, 0.2, Duration.ofMillis(100));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aCleanCanaryPasses_andABadOneFails() throws IOException, InterruptedException {
        try (SluiceProcess sluice =
                        SluiceProcess.launch(directory.resolve("data"), 0).awaitReady();
                CanaryTraffic clean = traffic(sluice, "clean", CLEAN);
                CanaryTraffic failing = traffic(sluice, "failing", FAILING);
                CanaryTraffic slow = traffic(sluice, "slow", SLOW)) {
            for (String run : new String[] {"clean", "failing", "slow"}) {
                begin(sluice, run);
            }
            JsonNode failed = await(sluice, "failing", "Failed", failing);
            assertThat(metric(failed, "errors").path("verdict").asText())
                    .as("%s", failed)
                    .isEqualTo("Failed");
            assertThat(metric(failed, "errors").path("estimate").asDouble()).isBetween(1.5, 6.0);
            JsonNode slowed = await(sluice, "slow", "Failed", slow);
            assertThat(metric(slowed, "duration").path("verdict").asText())
                    .as("%s", slowed)
                    .isEqualTo("Failed");
            JsonNode passed = await(sluice, "clean", "Successful", clean);
            assertThat(passed.path("metrics"))
                    .allSatisfy(metric ->
                            assertThat(metric.path("verdict").asText()).isEqualTo("Successful"));
            assertThat(passed.path("late").asInt()).isZero();
        }
    }

    private CanaryTraffic traffic(SluiceProcess sluice, String rollout, Regression regression) throws IOException {
        return CanaryTraffic.start(
                Files.createDirectory(directory.resolve(rollout)),
                rollout,
                sluice.url().resolve("/api/v1/write"),
                regression);
    }

    /** Buckets of two seconds, and margins wide enough for some ten thousand requests. */
    private static void begin(SluiceProcess sluice, String run) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(sluice, "/v1/canaries", """
                {"id": "%1$s", "service": "checkout", "environment": "production", "config": {
                  "bucket": "2s", "settle": "4s", "warm_up_buckets": 3, "min_stage": "10s", "min_exposure": 500,
                  "randomized_by": "request",
                  "selectors": {
                    "baseline": "{rollout='%1$s',version='stable'}", "canary": "{rollout='%1$s',version='canary'}"},
                  "metrics": [
                    {"name": "errors", "kind": "ratio", "margin": {"relative": 1, "absolute": 0.01},
                     "series": {"events": "http_requests_total{code=~'5..'}", "exposure": "http_requests_total"}},
                    {"name": "duration", "kind": "histogram", "pass_quantiles": [0.5, 0.9],
                     "share_margin": {"relative": 0.9, "absolute": 0.05},
                     "series": {"histogram": "http_request_duration_seconds"}}]}}""".formatted(run));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode await(SluiceProcess sluice, String run, String state, CanaryTraffic traffic) {
        SluiceProcess.await(run + " is " + state, LIMIT, () -> {
            traffic.requireAlive();
            return get(sluice, run).path("state").asText().equals(state);
        });
        JsonNode verdict = get(sluice, run);
        Duration took = Duration.between(
                Instant.parse(verdict.path("started_at").asText()),
                Instant.parse(verdict.path("at").asText()));
        System.out.printf(
                Locale.ROOT,
                "%s: %s after %d s, %d requests of the baseline and %d of the canary%n",
                run,
                state,
                took.toSeconds(),
                metric(verdict, "errors").at("/baseline/n").asLong(),
                metric(verdict, "errors").at("/canary/n").asLong());
        verdict.path("reasons").forEach(reason -> System.out.println("  " + reason.asText()));
        return verdict;
    }

    private static JsonNode metric(JsonNode run, String name) {
        return StreamSupport.stream(run.path("metrics").spliterator(), false)
                .filter(metric -> metric.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode get(SluiceProcess sluice, String run) {
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

    private static HttpResponse<String> post(SluiceProcess sluice, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(sluice.url().resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
