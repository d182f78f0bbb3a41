package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sluice with a Kafka and a ClickHouse that somebody else runs. */
class OtherServersIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String PASSWORD = "not-for-everyone";

    @TempDir
    private Path directory;

    @Test
    void usesThemAndLeavesThemRunning() throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        try (KafkaBroker kafka = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                ClickHouseServer clickHouse = ClickHouseServer.start(
                        ClickHouseConfig.in(directory.resolve("clickhouse")).withPassword(PASSWORD))) {
            Map<String, String> servers = Map.of(
                    OtherServers.KAFKA, kafka.bootstrapServers(),
                    OtherServers.PARTITIONS, "3",
                    OtherServers.CLICKHOUSE, clickHouse.httpUrl().toString(),
                    OtherServers.CLICKHOUSE_USER, clickHouse.user(),
                    OtherServers.CLICKHOUSE_PASSWORD, PASSWORD);
            try (SluiceProcess sluice = SluiceProcess.launch(data, 0, servers).awaitReady()) {
                assertThat(sluice.output())
                        .contains("Kafka at " + kafka.bootstrapServers() + " is used (SLUICE_KAFKA_BOOTSTRAP)")
                        .contains("ClickHouse at " + clickHouse.httpUrl() + " is used (SLUICE_CLICKHOUSE_URL)")
                        .contains("database migrated: ")
                        .doesNotContain(PASSWORD);
                assertThat(sluice.children()).isEmpty();
                OneService.deploy(sluice, "v1");
                OneService.awaitVersion(sluice, "v1");
                SluiceProcess.await(
                        "the deployment is stored",
                        LIMIT,
                        () -> count(clickHouse, "SELECT count() FROM dash.deployments")
                                .equals("1"));
                assertThat(sluice.terminate()).isEqualTo(143);
            }
            assertThat(data.resolve("kafka")).doesNotExist();
            assertThat(data.resolve("clickhouse")).doesNotExist();
            assertThat(clickHouse.isAlive()).isTrue();
            assertThat(KafkaCluster.ask(kafka.bootstrapServers()).partitions().values())
                    .isNotEmpty()
                    .containsOnly(3);

            refusesAnotherNumberOfPartitions(data, servers);
        }
        refusesAnotherKafka(data);
    }

    @Test
    void kafkaThatIsAway_isNamed() throws IOException, InterruptedException {
        String nowhere = "127.0.0.1:" + FreePorts.pick();
        Map<String, String> servers =
                Map.of(OtherServers.KAFKA, nowhere, OtherServers.CLICKHOUSE, "http://127.0.0.1:" + FreePorts.pick());
        try (SluiceProcess sluice = SluiceProcess.launch(directory, 0, servers)) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output())
                    .contains("[fail] Kafka at " + nowhere + " does not answer (SLUICE_KAFKA_BOOTSTRAP)")
                    .doesNotContain("\tat ");
        }
    }

    private static void refusesAnotherNumberOfPartitions(Path data, Map<String, String> servers)
            throws IOException, InterruptedException {
        var other = new HashMap<>(servers);
        other.put(OtherServers.PARTITIONS, "4");
        try (SluiceProcess sluice = SluiceProcess.launch(data, 0, other)) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output()).contains("than 4, which SLUICE_PARTITIONS says: sluice.");
        }
    }

    private static void refusesAnotherKafka(Path data) throws IOException, InterruptedException {
        String before = Files.readString(data.resolve("kafka.id")).strip();
        try (SluiceProcess sluice = SluiceProcess.launch(data, 0)) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output())
                    .contains("[fail] the checkpoints in " + data + " belong to the Kafka cluster " + before);
        }
    }

    private static String count(ClickHouseServer clickHouse, String query) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(clickHouse.httpUrl())
                                    .header("X-ClickHouse-User", clickHouse.user())
                                    .header("X-ClickHouse-Key", PASSWORD)
                                    .POST(BodyPublishers.ofString(query))
                                    .build(),
                            BodyHandlers.ofString())
                    .body()
                    .strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
