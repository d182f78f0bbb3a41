package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An Alertmanager that sends to Sluice: what fires is an incident, and what is resolved is over. */
class AlertmanagerIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String SECRET = "a secret";
    private static final String CONNECTIONS =
            "connections: [{id: alerts, source: alertmanager, secret_env: ALERTS_SECRET}]";
    private static final String CONFIGURATION = """
            route: {receiver: sluice, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
            receivers:
              - name: sluice
                webhook_configs:
                  - url: %s
                    http_config: {authorization: {credentials: %s}}
            """;
    private static final String ALERT = """
            [{"labels": {"alertname": "ErrorRateHigh", "service": "checkout", "environment": "production",
                         "severity": "critical"},
              "annotations": {"summary": "error rate 0.07 above 5%%"}, "startsAt": "%s"%s}]""";

    @TempDir
    private Path directory;

    private SluiceAssembly sluice;
    private DebianProcess alertmanager;
    private URI alertmanagerUrl;

    @BeforeEach
    void start() throws Exception {
        // as Debian calls it, and as Prometheus does
        Path program = new DebianPackage("prometheus-alertmanager").program("prometheus-alertmanager", "alertmanager");
        Path connections = Files.writeString(directory.resolve("connections.yaml"), CONNECTIONS);
        sluice = SluiceAssembly.withSenders(
                directory, Duration.ofSeconds(60), connections, Map.of("ALERTS_SECRET", SECRET));
        Path configuration = Files.writeString(
                directory.resolve("alertmanager.yml"),
                CONFIGURATION.formatted(sluice.url().resolve("/v1/webhooks/alerts"), SECRET));
        int port = FreePorts.pick();
        alertmanagerUrl = URI.create("http://127.0.0.1:" + port);
        alertmanager = DebianProcess.launch(
                directory,
                "alertmanager",
                List.of(
                        program.toString(),
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve("alertmanager"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address="));
        alertmanager.awaitReady(alertmanagerUrl.resolve("/-/ready"));
    }

    @AfterEach
    void stop() {
        if (alertmanager != null) {
            alertmanager.close();
        }
        if (sluice != null) {
            sluice.close();
        }
    }

    @Test
    void whatFiresAndIsResolvedIsOneIncident() throws Exception {
        Instant startedAt = Instant.now().minus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.MILLIS);
        Instant resolvedAt = startedAt.plusSeconds(240);

        post(ALERT.formatted(startedAt, ""));
        SluiceProcess.await("the incident is open", LIMIT, () -> !incidents().isEmpty());
        assertThat(incidents().get(0).hasNonNull("resolved_at")).isFalse();
        post(ALERT.formatted(startedAt, ", \"endsAt\": \"" + resolvedAt + "\""));
        SluiceProcess.await(
                "the incident is over",
                LIMIT,
                () -> incidents().stream().anyMatch(incident -> incident.hasNonNull("resolved_at")));

        assertThat(incidents()).allSatisfy(incident -> {
            assertThat(incident.path("id").asText()).matches("alertmanager/[0-9a-f]{16}@" + startedAt);
            assertThat(incident.path("service").asText()).isEqualTo("checkout");
            assertThat(incident.path("environment").asText()).isEqualTo("production");
            assertThat(incident.path("severity").asText()).isEqualTo("critical");
            assertThat(incident.path("title").asText()).isEqualTo("error rate 0.07 above 5%");
            assertThat(incident.path("started_at").asText()).isEqualTo(startedAt.toString());
        });
        List<JsonNode> last = incidents();
        assertThat(last)
                .extracting(incident -> incident.path("id").asText())
                .containsOnly(last.get(0).path("id").asText());
        assertThat(last.get(last.size() - 1).path("resolved_at").asText()).isEqualTo(resolvedAt.toString());
        assertThat(last.get(last.size() - 1).path("time_to_restore_ms").asLong())
                .isEqualTo(240_000);
    }

    /** The facts of incidents in the order in which they were judged; all of one series stand in one partition. */
    private List<JsonNode> incidents() {
        try {
            return TopicRecords.values(sluice.bootstrap(), Topic.FACTS).stream()
                    .filter(fact -> fact.path("id").asText().startsWith("alertmanager/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void post(String alerts) throws IOException, InterruptedException {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(alertmanagerUrl.resolve("/api/v2/alerts"))
                                .timeout(LIMIT)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(alerts))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(GateClient.OK);
    }
}
