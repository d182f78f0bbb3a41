package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.TENANT;
import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.send;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.CurrentRow;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.deliver.Deployers;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process of the gate API is killed while it rolls back with those who do it under a condition of their own. Each goes back once. */
class SenderKillIT {
    private static final String SECRET = "SLUICE_SECRET_DEPLOYER";

    @TempDir
    private static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static int port;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        jobs.close();
        broker.close();
    }

    /** Before anything has changed, when it has only looked; and when all is done and it has not heard of it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("soak") // four processes
    void whoeverIsKilledWhileItRollsBackDoesItOnce(boolean ofChanges) throws Exception {
        String prefix = ofChanges ? "changed-" : "looked-";
        try (var deployers = new Deployers()) {
            Process first = launch(deployers);
            try {
                for (String kind : deployers.kinds()) {
                    setUp(first, deployers, kind, prefix + kind);
                }
                deployers.keepSilence(ofChanges);
                for (String kind : deployers.kinds()) {
                    order(prefix + kind, kind);
                }
                awaitWithProgress(
                        () -> deployers.silences() == deployers.kinds().size(),
                        () -> deployers.silences() + " of " + deployers.effects());
            } finally {
                first.destroyForcibly().waitFor();
            }
            assertThat(deployers.effects().values()).containsOnly(ofChanges ? 1 : 0);
            deployers.speak();

            Process second = launch(deployers);
            try {
                Map<String, Outcome> outcomes = new TreeMap<>();
                awaitWithProgress(
                        () -> {
                            attempts(prefix).forEach(attempt -> outcomes.put(attempt.service(), attempt.outcome()));
                            return outcomes.size() == deployers.kinds().size()
                                    && !outcomes.containsValue(Outcome.FAILED);
                        },
                        () -> outcomes + " " + deployers.effects());
                System.out.printf("killed when it had %s: %s, effects %s%n", prefix, outcomes, deployers.effects());
                assertThat(outcomes.values()).containsOnly(Outcome.ACKNOWLEDGED, Outcome.DELIVERED);
            } finally {
                second.destroyForcibly().waitFor();
            }
            assertThat(deployers.effects().values()).containsOnly(1);
            for (String kind : deployers.kinds()) {
                publish(RollbackRow.of(series(prefix + kind), null));
            }
        }
    }

    private static URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static Process launch(Deployers deployers) throws Exception {
        port = FreePorts.pick();
        Path output = Files.createTempFile(directory, "output", ".txt");
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment()
                .putAll(Map.of(
                        "SLUICE_KAFKA_BOOTSTRAP",
                        broker.bootstrapServers(),
                        "SLUICE_HTTP_PORT",
                        Integer.toString(port),
                        "SLUICE_EGRESS_ALLOW",
                        deployers.allowed(),
                        SECRET,
                        Deployers.TOKEN));
        Process process = builder.start();
        await(() -> isReady(process, output), () -> Files.readString(output));
        return process;
    }

    private static boolean isReady(Process process, Path output) throws IOException {
        assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
        try {
            return send(HttpRequest.newBuilder(url("/readyz"))).status() == 200;
        } catch (AssertionError notThere) {
            return false;
        }
    }

    private static void setUp(Process process, Deployers deployers, String kind, String service) throws Exception {
        assertThat(process.isAlive()).isTrue();
        put("/v1/endpoints/" + kind, deployers.endpoint(kind, SECRET));
        put("/v1/rollback-plans/" + service + "/production", """
                {"on_failed_canary": true, "endpoint": "%s", "expiry": "1h"}""".formatted(kind));
        CurrentRow runs = GateApiFixture.running(service, "1.4.0", false);
        GateApiFixture.put(jobs, runs, 1);
        await(
                () -> send(HttpRequest.newBuilder(url("/v1/services?service=" + service)))
                        .text()
                        .contains(runs.deploymentId()),
                () -> send(HttpRequest.newBuilder(url("/v1/services"))).text());
    }

    private static void put(String path, String body) {
        Answer answer = send(HttpRequest.newBuilder(url(path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static void order(String service, String endpoint) throws Exception {
        Instant now = Instant.now();
        Series series = series(service);
        String running =
                requireNonNull(GateApiFixture.running(service, "1.4.0", false).deploymentId());
        var order = new RollbackOrder(
                RollbackOrder.id(series, RollbackTrigger.Kind.FAILED_CANARY, "run"),
                RollbackTrigger.failedCanary("run", now, "errors: 3 %", null, null, false),
                Deployers.runs(running, now),
                "1.4.0",
                Deployers.earlier(running + "-before", now.minusSeconds(60)),
                OrderState.ORDERED,
                List.of(new RollbackOrder.Step(OrderState.ORDERED, now, "errors: 3 %")),
                now,
                now.plus(Duration.ofHours(1)),
                Duration.ofHours(1),
                null,
                endpoint,
                null,
                0,
                false,
                null);
        publish(RollbackRow.of(series, order));
    }

    private static Series series(String service) {
        return new Series(TENANT, service, "production");
    }

    private static void publish(RollbackRow row) throws Exception {
        jobs.send(new ProducerRecord<>(Topic.ROLLBACKS.topicName(), row.key(), Json.bytes(row)))
                .get(10, TimeUnit.SECONDS);
    }

    private static List<DeliveryAttempt> attempts(String prefix) {
        return records(broker.bootstrapServers(), Topic.ATTEMPTS).stream()
                .map(record -> Json.read(record.value(), DeliveryAttempt.class))
                .filter(attempt -> attempt.service().startsWith(prefix))
                .toList();
    }

    private static void awaitWithProgress(Callable<Boolean> condition, Callable<Object> what) throws Exception {
        await(
                () -> {
                    GateApiFixture.progress(jobs, Instant.now());
                    return condition.call();
                },
                what);
    }
}
