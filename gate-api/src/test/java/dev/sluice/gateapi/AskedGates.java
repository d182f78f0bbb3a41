package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.DoraRow;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.callers.StandIn;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A gate API that is asked by webhooks and answers a stand-in. The service {@code checkout} is good and so is {@code changing}, {@code bad} is
 * bad, and of {@code waiting} too little is known. Decisions of the gate {@code brief} expire in a second, and what is known is too old for {@code strict}.
 */
final class AskedGates implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(250);

    private final KafkaBroker broker;
    private final KafkaProducer<String, byte[]> jobs;
    private final HastyClock clock = new HastyClock();
    private final GateApiConfig config;
    private GateApi api;

    /**
     * Starts it.
     *
     * @param directory where it may write
     * @param standIn who is answered
     * @param secrets the environment
     */
    AskedGates(Path directory, StandIn standIn, Map<String, String> secrets) throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        var problems = new Problems();
        EgressRules rules = EgressRules.read("http://" + standIn.authority(), "", problems);
        problems.throwIfAny();
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withEgress(rules)
                .withFiles(GateApiFiles.NONE.withPolicies(policies(directory)))
                .withEnvironment(secrets);
        api = GateApi.start(config, clock);
        awaitReady(api);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        put(jobs, row("checkout", 19, 20), 1);
        put(jobs, row("changing", 19, 20), 1);
        put(jobs, row("bad", 10, 20), 1);
        becomes("waiting", 1, 1);
        awaitDecision("checkout", "allow");
    }

    private static Path policies(Path directory) throws IOException {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        String policy = """
                name: %1$s
                version: "1"
                gates: [%1$s]
                expires_after: %2$s
                stale_after: %3$s
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: 0.8, minimum_n: 5, when_missing: pending}
                """;
        Files.writeString(policies.resolve("1.yaml"), policy.formatted("production", "10m", "10m"));
        Files.writeString(policies.resolve("2.yaml"), policy.formatted("brief", "1s", "10m"));
        Files.writeString(policies.resolve("3.yaml"), policy.formatted("strict", "10m", "1ms"));
        Files.writeString(policies.resolve("4.yaml"), policy.formatted("staging", "10m", "10m"));
        return policies;
    }

    /** The replica that is asked. */
    GateApi api() {
        return api;
    }

    /** Another replica takes the place of the one that is asked, and that one is closed when the other is ready. */
    void replace() throws Exception {
        GateApi gone = api;
        api = GateApi.start(config, clock);
        awaitReady(api);
        gone.close();
    }

    /** It is off for so long, while something happens elsewhere. */
    void restartAfter(Duration pause, Runnable elsewhere) {
        api.close();
        elsewhere.run();
        api = GateApi.start(config, Clock.offset(clock, pause));
    }

    /** A service has so many deployments, and so many of them were successful. */
    void becomes(String service, int success, int n) {
        put(jobs, row(service, success, n), 1);
        progress(jobs, Instant.now());
    }

    /** What is known of a service in production is known of it in staging, too. */
    void isInStaging(String service) {
        DoraRow row = row(service, 19, 20);
        put(
                jobs,
                new DoraRow(
                        row.tenant(),
                        row.service(),
                        "staging",
                        row.zone(),
                        row.asOfDay(),
                        row.windows(),
                        row.deleted(),
                        row.computedAt()),
                1);
    }

    /** Asks it for something. */
    Answer post(String path, String body) {
        return send(
                request(api, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** Waits until the gate {@code production} knows how a service is. */
    void awaitDecision(String service, String decision) throws Exception {
        await(
                () -> GateApiFixture.evaluate(api, service).at("/decision").equals(decision),
                () -> GateApiFixture.evaluate(api, service).text());
    }

    /**
     * Waits as {@link GateApiFixture#await} does, while the clock of the API goes faster, at first.
     *
     * @param most how much faster: the pauses that are waited for
     */
    void awaitSoon(Duration most, Callable<Boolean> condition, Callable<Object> what) throws Exception {
        var steps = new AtomicLong(most.dividedBy(STEP));
        await(
                () -> {
                    if (condition.call()) {
                        return true;
                    }
                    if (steps.getAndDecrement() > 0) {
                        clock.pass(STEP);
                    }
                    return false;
                },
                what);
    }

    /** Sets something up. */
    Answer set(String path, String body) {
        return send(
                request(api, path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    /** Sets something up, rightly. */
    void setUp(String path, String body) {
        Answer answer = set(path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** Each of these is refused, for what is wrong there. */
    void assertWrong(String path, Map<String, String> pointers) {
        pointers.forEach((body, pointer) -> {
            Answer answer = set(path, body);
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.text()).contains("\"" + pointer + "\"");
        });
    }

    /** Returns all records of a topic. */
    List<ConsumerRecord<String, byte[]>> log(Topic topic) {
        return records(broker.bootstrapServers(), topic);
    }

    /** Returns each state of the questions of which a caller has said this. */
    List<JsonNode> questions(String fact, String value) {
        return log(Topic.CONTROL).stream()
                .filter(found -> found.value() != null && isQuestion(found.key()))
                .map(found -> Json.read(found.value(), Control.class).document())
                .filter(one -> one.path("facts").path(fact).asText().equals(value))
                .toList();
    }

    /** Returns whether a record is about a question. */
    static boolean isQuestion(String key) {
        return key.contains("/" + Control.GATE_QUESTION + "/");
    }

    /** Waits until it is known what has become of a question. */
    void awaitEnd(String fact, String value, String outcome) throws Exception {
        await(
                () -> questions(fact, value).stream()
                        .anyMatch(one -> one.at("/ended/outcome").asText().equals(outcome)),
                () -> questions(fact, value));
    }

    @Override
    public void close() {
        jobs.close();
        api.close();
        broker.close();
    }
}
