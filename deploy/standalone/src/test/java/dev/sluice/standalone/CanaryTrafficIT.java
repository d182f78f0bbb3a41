package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traffic of canary tests is what it says: both arms get requests, and what is wrong with them is in their metrics. */
class CanaryTrafficIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Regression REGRESSION = new Regression(0.04, 0.2, 0.2, Duration.ofMillis(300));
    private static final int CANARY_REQUESTS = 400;
    private static final int WRITES = 4;
    /** For each arm an nginx, an mtail and a wrk, and one Prometheus. */
    private static final int PROGRAMS = 7;

    /** Standard deviations of a share: beyond by chance once in a million. */
    private static final double DEVIATIONS = 5;
    /** The share of requests that a busy machine may delay. */
    private static final double STALLED = 0.05;

    private final List<Write> writes = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory;

    private HttpServer receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/write", this::keep);
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void whatIsWrongIsInTheMetrics() throws IOException {
        URI remoteWrite = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/write");
        try (CanaryTraffic traffic = CanaryTraffic.start(directory, "any", remoteWrite, REGRESSION)) {
            SluiceProcess.await("enough is counted and written", LIMIT, () -> {
                traffic.requireAlive();
                return writes.size() >= WRITES && Counts.of(traffic, CanaryTraffic.CANARY).requests >= CANARY_REQUESTS;
            });

            var baseline = Counts.of(traffic, CanaryTraffic.BASELINE);
            var canary = Counts.of(traffic, CanaryTraffic.CANARY);
            System.out.printf("%d remote writes; baseline %s; canary %s%n", writes.size(), baseline, canary);
            assertThat(baseline.requests).isGreaterThan(2 * canary.requests);
            assertShare(baseline.failed, baseline.requests, REGRESSION.baselineErrors(), 0);
            assertShare(canary.failed, canary.requests, REGRESSION.canaryErrors(), 0);
            assertShare(baseline.slow, baseline.timed, 0, STALLED);
            assertShare(canary.slow, canary.timed, REGRESSION.canarySlow(), STALLED);
            assertThat(running()).hasSize(PROGRAMS);
        }
        assertThat(running()).isEmpty();
        assertThat(writes).allSatisfy(write -> {
            assertThat(write.headers.getFirst("Content-Encoding")).isEqualTo("snappy");
            assertThat(write.headers.getFirst("Content-Type")).isEqualTo("application/x-protobuf");
            assertThat(write.headers.getFirst("X-Prometheus-Remote-Write-Version"))
                    .isEqualTo("0.1.0");
            assertThat(write.body).isNotEmpty();
        });
        // a text is not compressed where it stands first
        assertThat(writes).anyMatch(write -> write.text().contains(CanaryTraffic.BASELINE));
        assertThat(writes).anyMatch(write -> write.text().contains(CanaryTraffic.CANARY));
    }

    @Test
    void aStartThatFailsLeavesNothingRunning() throws IOException {
        CanaryTraffic.Programs.find();
        // the baseline runs before the log of the canary cannot be made
        Files.createDirectories(directory.resolve(CanaryTraffic.CANARY).resolve("access.log"));
        URI nowhere = URI.create("http://127.0.0.1:1/");

        assertThatThrownBy(() -> CanaryTraffic.start(directory, "any", nowhere, REGRESSION))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(directory.resolve(CanaryTraffic.BASELINE).resolve("nginx.log"))
                .exists();
        assertThat(running()).isEmpty();
    }

    /** The programs that run with paths of the directory. */
    private List<String> running() {
        return ProcessHandle.current()
                .children()
                .flatMap(child -> child.info().commandLine().stream())
                .filter(command -> command.contains(directory.toString()))
                .toList();
    }

    private static void assertShare(double count, double all, double share, double more) {
        assertThat(count / all)
                .as("%s of %s", count, all)
                .isCloseTo(share, within(DEVIATIONS * Math.sqrt(share * (1 - share) / all) + more));
    }

    private void keep(HttpExchange exchange) throws IOException {
        try (exchange) {
            writes.add(new Write(
                    exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private record Write(Headers headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * What is known of an arm since its start: its mtail has counted from the first request on.
     *
     * @param slow those of the timed ones that took as long as the regression says, between the bounds 0.25 s and 0.5 s
     */
    private record Counts(double requests, double failed, double timed, double slow) {
        static Counts of(CanaryTraffic traffic, String version) {
            JsonNode series = traffic.query(
                    "{__name__=~\"http_requests_total|http_request_duration_seconds_bucket\", version=\"%s\"}"
                            .formatted(version));
            return new Counts(
                    sum(series, "code", ".*"),
                    sum(series, "code", "500"),
                    sum(series, "le", "\\+Inf"),
                    sum(series, "le", "0\\.5") - sum(series, "le", "0\\.25"));
        }

        private static double sum(JsonNode series, String label, String values) {
            return StreamSupport.stream(series.spliterator(), false)
                    .filter(one -> one.path("metric").has(label)
                            && one.path("metric").path(label).asText().matches(values))
                    .mapToDouble(one -> Double.parseDouble(one.at("/value/1").asText()))
                    .sum();
        }
    }
}
