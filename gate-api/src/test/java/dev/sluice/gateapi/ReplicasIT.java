package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.evaluate;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two gate APIs on one Kafka, each of which knows what the other does, from the log alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicasIT {
    private static final String EVENT = "{\"specversion\":\"1.0\",\"id\":\"r-1\",\"source\":\"/ci\",\"type\":\"t\"}";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi first;
    private static GateApi second;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("gate.yaml"), """
                name: gate
                version: "1"
                gates: [production]
                expires_after: 10m
                stale_after: 10s
                stale_outcome: pending
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: 0.8, minimum_n: 5, when_missing: deny}
                """);
        GateApiConfig config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withPolicies(policies));
        first = GateApi.start(config);
        second = GateApi.start(config);
        awaitReady(first);
        awaitReady(second);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
        if (jobs != null) {
            jobs.close(Duration.ZERO);
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static void awaitAllowed(GateApi api, String service) throws Exception {
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return evaluate(api, service).at("/decision").equals("allow");
                },
                () -> evaluate(api, service).text());
    }

    private static JsonNode rowJudged(Answer decision) {
        return decision.json().path("inputs").get(0);
    }

    private static long heartbeatsSince(Instant moment) {
        return records(broker.bootstrapServers(), Topic.RAW).stream()
                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) != null)
                .filter(found -> Long.parseLong(new String(
                                found.headers()
                                        .lastHeader(RecordHeaders.HEARTBEAT)
                                        .value(),
                                StandardCharsets.UTF_8))
                        > moment.toEpochMilli())
                .map(found -> found.partition())
                .distinct()
                .count();
    }

    @Test
    void bothJudgeTheSameRecords_andEachFindsWhatTheOtherDecided() throws Exception {
        var place = put(jobs, row("checkout", 20, 20), 7);
        put(jobs, row("checkout", 0, 20), 6);
        awaitAllowed(first, "checkout");
        awaitAllowed(second, "checkout");

        Answer byFirst = evaluate(first, "checkout");
        Answer bySecond = evaluate(second, "checkout");

        assertThat(rowJudged(byFirst)).isEqualTo(rowJudged(bySecond));
        assertThat(rowJudged(byFirst).path("offset").longValue()).isEqualTo(place.offset());
        assertThat(byFirst.json().path("policies")).isEqualTo(bySecond.json().path("policies"));
        assertThat(byFirst.json().path("rules")).isEqualTo(bySecond.json().path("rules"));
        assertThat(get(second, "/v1/decisions/" + byFirst.at("/id")).json()).isEqualTo(byFirst.json());
        assertThat(get(first, "/v1/decisions/" + bySecond.at("/id")).json()).isEqualTo(bySecond.json());
    }

    @Test
    void aPendingDecisionOfOneIsResolvedByTheOther_andStaysAsItIs() throws Exception {
        put(jobs, row("waiting", 20, 20), 1);
        progress(jobs, Instant.now().minusSeconds(3600));
        await(
                () -> evaluate(first, "waiting").status() == 202,
                () -> evaluate(first, "waiting").text());
        String path = evaluate(first, "waiting").header("Location");

        await(
                () -> {
                    progress(jobs, Instant.now());
                    return get(second, path).status() == 200;
                },
                () -> get(second, path).text());

        Answer resolved = get(second, path);
        assertThat(resolved.at("/decision")).isEqualTo("allow");
        await(() -> get(first, path).status() == 200, () -> get(first, path).text());
        assertThat(get(first, path).json()).isEqualTo(resolved.json());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void oneDies_andTheOtherGoesOn() throws Exception {
        put(jobs, row("survivor", 20, 20), 1);
        put(jobs, running("survivor", "1.0", false), 1);
        awaitAllowed(first, "survivor");
        awaitAllowed(second, "survivor");
        Answer decided = evaluate(first, "survivor");
        Answer receipt = post(first, "/v1/events", "application/cloudevents+json", EVENT);
        assertThat(receipt.status()).as(receipt.text()).isEqualTo(202);

        first.close();
        Instant died = Instant.now();

        assertThat(get(second, "/v1/decisions/" + decided.at("/id")).json()).isEqualTo(decided.json());
        await(() -> heartbeatsSince(died) == 2, () -> heartbeatsSince(died));
        put(jobs, running("survivor", "2.0", false), 1);
        await(
                () -> get(second, "/v1/services").text().contains("\"version\":\"2.0\""),
                () -> get(second, "/v1/services").text());
        awaitAllowed(second, "survivor");
        assertThat(post(second, "/v1/events", "application/cloudevents+json", EVENT)
                        .status())
                .isEqualTo(202);
        assertThat(GateApiFixture.deliveries(broker.bootstrapServers()))
                .extracting(found -> found.key() + " in " + found.partition())
                .hasSize(2)
                .containsOnly("default/events/%252Fci%2Fr-1 in "
                        + receipt.at("/deliveries/0/id").split("-", -1)[1]);
    }
}
