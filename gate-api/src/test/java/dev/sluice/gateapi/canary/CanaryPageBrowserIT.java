package dev.sluice.gateapi.canary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.gateapi.Browser;
import dev.sluice.gateapi.canary.EvidenceHistory.Point;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a canary run in a real browser; the run is asked for by a server of the test, which lets it fail after a while. */
class CanaryPageBrowserIT {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final String NAME = "<script>alert(1)</script>";

    @TempDir
    private Path directory = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;

    CanaryPageBrowserIT() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/canaries/r1", exchange -> {
            String state = asked.get() > 1 ? "Failed" : "Running";
            send(exchange, "text/html; charset=utf-8", CanaryPage.of(run(state), history()));
        });
        server.createContext("/v1/canaries/r1", exchange -> {
            String state = asked.incrementAndGet() > 1 ? "Failed" : "Running";
            send(exchange, "application/json", run(state).toString());
        });
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void send(HttpExchange exchange, String type, String body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders()
                    .set("Content-Security-Policy", CanaryPage.page().policy());
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void isAccessible_andItsNamesAreTexts() throws Exception {
        JsonNode seen = Browser.find(directory)
                .look(url(), List.of("light", "dark", "phone", "scriptless"), Optional.of("canary"));

        for (String how : List.of("light", "dark", "phone", "scriptless")) {
            JsonNode page = seen.path(how);
            assertThat(page.path("complaints")).as(how).isEmpty();
            assertThat(page.path("heading").asText()).isEqualTo("Canary of checkout in " + NAME);
            assertThat(page.path("articles").intValue()).as(how).isEqualTo(2);
            assertThat(page.path("drawings").intValue()).as(how).isEqualTo(1);
            assertThat(page.path("scripts").intValue()).as(how).isEqualTo(1);
        }
        for (String how : List.of("light", "dark", "phone")) {
            assertThat(seen.path(how).path("violations")).as(how).isEmpty();
        }
        assertThat(seen.at("/phone/page_width").intValue()).isEqualTo(320);
    }

    @Test
    void showsWhenTheRunHasChanged() throws Exception {
        JsonNode live = Browser.find(directory)
                .look(url(), List.of("live"), Optional.empty())
                .path("live");

        assertThat(live.path("first").asText()).isEqualTo("Running");
        assertThat(live.path("then").asText()).isEqualTo("Failed");
        assertThat(live.path("title").asText()).startsWith("Failed: checkout");
        assertThat(live.path("complaints")).isEmpty();
    }

    /** The API does not take what a browser has signed in with. */
    @Test
    void showsWhoeverHasSignedInThatTheRunHasChanged() throws Exception {
        server.createContext("/canaries/r2", exchange -> {
            String state = asked.incrementAndGet() > 2 ? "Failed" : "Running";
            send(exchange, "text/html; charset=utf-8", CanaryPage.of(run(state), history()));
        });
        server.removeContext("/v1/canaries/r1");
        server.createContext("/v1/canaries/r1", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(401, -1);
            }
        });

        JsonNode live = Browser.find(directory)
                .look(url("r2"), List.of("live"), Optional.empty())
                .path("live");

        assertThat(live.path("first").asText()).isEqualTo("Running");
        assertThat(live.path("then").asText()).isEqualTo("Failed");
    }

    private String url() {
        return url("r1");
    }

    private String url(String run) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/canaries/" + run;
    }

    private static JsonNode run(String state) {
        ObjectNode run = (ObjectNode) Json.read("""
                {"id": "r1", "service": "checkout", "baseline": "1.4.1", "canary": "1.4.2", "config_name": null,
                 "config_digest": "sha256:0", "started_at": "2026-11-29T12:00:00Z", "stages": ["2026-11-29T12:10:00Z"],
                 "ended_at": null, "late": 3, "doubts": ["3 points came too late"], "condition": null,
                 "at": "2026-11-29T12:20:00Z", "reasons": ["errors: 2 % against 1 %"], "notes": ["not randomised"],
                 "log_e_to_fail": 4.6, "log_e_to_pass": 3.0, "seconds_to_pass": 93.5, "seconds_to_fail": null,
                 "metrics": [
                   {"name": "errors", "kind": "ratio", "verdict": "Running", "reason": "2 % against 1 %", "estimate": 2.0,
                    "interval": [1.1, null], "tolerance": 0.1, "margin": 0.5, "log_e_fail": 2.3, "log_e_pass": -7.5,
                    "baseline": {"n": 120000, "events": 1200}, "canary": {"n": 6000, "events": 120},
                    "resolution_floor": 0.3},
                   {"name": "cpu", "kind": "gauge", "verdict": "Inconclusive", "reason": "advisory", "estimate": null,
                    "interval": [null, null], "tolerance": 0.1, "margin": 0.3, "log_e_fail": null, "log_e_pass": null,
                    "baseline": {"n": 0, "events": null}, "canary": {"n": 0, "events": null},
                    "resolution_floor": null}]}""".getBytes(UTF_8), JsonNode.class);
        run.put("environment", NAME).put("state", state);
        return run;
    }

    private static Optional<EvidenceHistory> history() {
        List<Point> points = IntStream.range(0, 60)
                .mapToObj(i ->
                        new Point(START.plusSeconds(10L * i), 0.05 * i, i < 6 ? Double.NEGATIVE_INFINITY : -0.1 * i))
                .toList();
        return Optional.of(new EvidenceHistory(Map.of("errors", points), 60));
    }
}
