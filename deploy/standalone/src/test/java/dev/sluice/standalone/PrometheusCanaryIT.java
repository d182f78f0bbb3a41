package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries as people have them: nginx under wrk, mtail, and a Prometheus that writes to Sluice. A clean one passes; one that answers
 * with 3 % errors instead of 1 % fails by its errors, one of which every fifth request is slow by its duration.
 */
class PrometheusCanaryIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Regression CLEAN = new Regression(0.01, 0.01, 0, Duration.ZERO);
    private static final Regression FAILING = new Regression(0.01, 0.03, 0, Duration.ZERO);
    private static final Regression SLOW = new Regression(0.01, 0.01, 0.2, Duration.ofMillis(100));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aBadOneFails_bothPushedAndAskedFor() throws IOException, InterruptedException {
        int port = FreePorts.pick();
        try (CanaryTraffic failing = traffic(port, "failing", FAILING);
                SluiceProcess sluice = launch(port, source("failing", failing))) {
            begin(sluice, "failing", "failing", null);
            begin(sluice, "failing-asked", "failing", "failing");
            begin(sluice, "away", "failing", "away");

            failsByItsErrors(await(sluice, "failing", "Failed", failing));
            failsByItsErrors(await(sluice, "failing-asked", "Failed", failing));
            JsonNode away = CanaryCalls.get(sluice, "away");
            assertThat(away.path("condition").asText()).startsWith("source away cannot be reached");
            assertThat(away.path("state").asText()).isEqualTo("Pending");
        }
    }

    /** A clean one is seen to be so on a machine that has time for it: where all waits, the slower arm is not known by its fault. */
    @Test
    @Tag("soak")
    void aCleanCanaryPasses_andABadOneFails() throws IOException, InterruptedException {
        int port = FreePorts.pick();
        try (CanaryTraffic clean = traffic(port, "clean", CLEAN);
                CanaryTraffic failing = traffic(port, "failing", FAILING);
                CanaryTraffic slow = traffic(port, "slow", SLOW);
                SluiceProcess sluice = launch(port, source("clean", clean) + source("failing", failing))) {
            for (String run : new String[] {"clean", "failing", "slow"}) {
                begin(sluice, run, run, null);
            }
            begin(sluice, "clean-asked", "clean", "clean");
            begin(sluice, "failing-asked", "failing", "failing");

            failsByItsErrors(await(sluice, "failing", "Failed", failing));
            JsonNode slowed = await(sluice, "slow", "Failed", slow);
            assertThat(metric(slowed, "duration").path("verdict").asText())
                    .as("%s", slowed)
                    .isEqualTo("Failed");
            passes(await(sluice, "clean", "Successful", clean));
            failsByItsErrors(await(sluice, "failing-asked", "Failed", failing));
            passes(await(sluice, "clean-asked", "Successful", clean));
        }
    }

    private SluiceProcess launch(int port, String sources) throws IOException {
        Path file = Files.writeString(
                directory.resolve("sources.yaml"),
                "sources:\n" + sources + "  - {name: away, type: prometheus, url: 'http://127.0.0.1:1'}\n");
        return SluiceProcess.launch(directory.resolve("data"), port, Map.of("SLUICE_METRIC_SOURCES", file.toString()))
                .awaitReady();
    }

    private static void failsByItsErrors(JsonNode run) {
        assertThat(metric(run, "errors").path("verdict").asText()).as("%s", run).isEqualTo("Failed");
        assertThat(metric(run, "errors").path("estimate").asDouble()).isBetween(1.5, 10.0);
    }

    private static void passes(JsonNode run) {
        assertThat(run.path("metrics"))
                .allSatisfy(
                        metric -> assertThat(metric.path("verdict").asText()).isEqualTo("Successful"));
        assertThat(run.path("late").asInt()).isZero();
        assertThat(run.path("condition").isNull()).as("%s", run).isTrue();
    }

    private static String source(String name, CanaryTraffic traffic) {
        return "  - {name: %s, type: prometheus, url: '%s'}%n".formatted(name, traffic.prometheus());
    }

    private CanaryTraffic traffic(int port, String rollout, Regression regression) throws IOException {
        return CanaryTraffic.start(
                Files.createDirectory(directory.resolve(rollout)),
                rollout,
                URI.create("http://127.0.0.1:" + port + "/api/v1/write"),
                regression);
    }

    /** Buckets of two seconds, and margins wide enough for some ten thousand requests. */
    private static void begin(SluiceProcess sluice, String run, String rollout, @Nullable String source)
            throws IOException, InterruptedException {
        // what a Prometheus is asked for has no external labels
        String arm = source == null ? "rollout='" + rollout + "'," : "";
        // one waits for its history, of which there is next to nothing
        String history = run.startsWith("failing") ? "" : ", \"history\": \"0s\"";
        String pull =
                source == null ? "" : "\"pull\": {\"source\": \"" + source + "\", \"every\": \"2s\"" + history + "},";
        HttpResponse<String> answer = CanaryCalls.post(sluice, "/v1/canaries", """
                {"id": "%1$s", "service": "checkout", "environment": "production", "config": {
                  "bucket": "2s", "settle": "4s", "warm_up_buckets": 3, "min_stage": "10s", "min_exposure": 500,
                  "randomized_by": "request",
                  "selectors": {
                    "baseline": "{%2$sversion='stable'}", "canary": "{%2$sversion='canary'}"}, %3$s
                  "metrics": [
                    {"name": "errors", "kind": "ratio", "margin": {"relative": 1, "absolute": 0.01},
                     "series": {"events": "http_requests_total{code=~'5..'}", "exposure": "http_requests_total"}},
                    {"name": "duration", "kind": "histogram", "pass_quantiles": [0.5, 0.9],
                     "share_margin": {"relative": 0.9, "absolute": 0.05},
                     "series": {"histogram": "http_request_duration_seconds"}}]}}""".formatted(run, arm, pull));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode await(SluiceProcess sluice, String run, String state, CanaryTraffic traffic) {
        SluiceProcess.await(run + " is over", LIMIT, () -> {
            traffic.requireAlive();
            String now = CanaryCalls.get(sluice, run).path("state").asText();
            return !now.equals("Pending") && !now.equals("Running");
        });
        JsonNode verdict = CanaryCalls.get(sluice, run);
        assertThat(verdict.path("state").asText()).as("%s", verdict).isEqualTo(state);
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
}
