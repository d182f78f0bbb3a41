package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.evaluate;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOutageIT {
    private static final String EVENT = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/ci\",\"type\":\"t\"}";
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private static Answer send(GateApi api) {
        return post(api, "/v1/events", "application/cloudevents+json", EVENT);
    }

    private static void allowed(GateApi api, String bootstrap) throws Exception {
        try (var jobs = GateApiFixture.jobs(bootstrap)) {
            put(jobs, row("checkout", 20, 20), 1);
            await(
                    () -> {
                        progress(jobs, Instant.now());
                        return evaluate(api, "checkout").at("/decision").equals("allow");
                    },
                    () -> evaluate(api, "checkout").text());
        }
    }

    @Test
    void refusesWithinThreeSecondsWhileKafkaIsAway_andRecoversWithoutARestart() throws Exception {
        KafkaBrokerConfig config =
                KafkaBrokerConfig.in(directory.resolve("kafka")).withPort(FreePorts.pick());
        KafkaBroker broker = KafkaBroker.start(config);
        String bootstrap = broker.bootstrapServers();
        try (GateApi api = GateApi.start(GateApiConfig.of(bootstrap).withPort(0))) {
            awaitReady(api);
            allowed(api, bootstrap);
            assertThat(send(api).status()).isEqualTo(202);

            broker.close();

            for (int i = 0; i < 2; i++) {
                Answer receipt = send(api);
                assertThat(receipt.status()).as(receipt.text()).isEqualTo(503);
                assertThat(receipt.took()).isLessThan(LIMIT);
                Answer decision = evaluate(api, "checkout");
                assertThat(decision.status()).as(decision.text()).isEqualTo(503);
                assertThat(decision.at("/instance")).startsWith("urn:uuid:");
                assertThat(decision.took()).isLessThan(LIMIT);
                Answer health = get(api, "/healthz");
                assertThat(health.status()).isEqualTo(200);
                assertThat(health.took()).isLessThan(Duration.ofSeconds(1));
            }

            broker = KafkaBroker.start(config);
            await(() -> send(api).status() == 202, () -> send(api).text());
            allowed(api, bootstrap);
        } finally {
            broker.close();
        }
    }

    @Test
    void startsWithoutKafka_andIsReadyWhenItComes() throws Exception {
        KafkaBrokerConfig config =
                KafkaBrokerConfig.in(directory.resolve("later")).withPort(FreePorts.pick());
        try (GateApi api =
                GateApi.start(GateApiConfig.of("127.0.0.1:" + config.port()).withPort(0))) {
            assertThat(get(api, "/healthz").status()).isEqualTo(200);
            assertThat(get(api, "/readyz").status()).isEqualTo(503);
            assertThat(evaluate(api, "checkout").took()).isLessThan(LIMIT);
            assertThat(evaluate(api, "checkout").status()).isEqualTo(503);
            assertThat(send(api).status()).isEqualTo(503);
            try (KafkaBroker broker = KafkaBroker.start(config)) {
                awaitReady(api);
                await(() -> send(api).status() == 202, () -> send(api).text());
                Answer unknown = evaluate(api, "checkout");
                assertThat(unknown.at("/allowed")).isEqualTo("false");
                assertThat(broker.port()).isEqualTo(config.port());
            }
        }
    }

    private static Answer asked(GateApi api) {
        return post(api, "/v1/kubernetes-clusters/eu-1/admission", "application/json", """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE",
                 "kind":{"group":"","kind":"Pod"},"namespace":"shop","object":{
                   "metadata":{"labels":{"app.kubernetes.io/name":"checkout"}},
                   "spec":{"containers":[{"image":"shop/checkout@%s"}]}}}}""".formatted(DIGEST));
    }

    private static boolean isAdmitted(GateApi api) {
        return asked(api).json().at("/response/allowed").booleanValue();
    }

    /** How long ago the log of decisions was read to its end. */
    private static double age(GateApi api) {
        return get(api, "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("sluice_audit_age_seconds{follower=\"live\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReplicaThatIsCutOffAdmitsNothingByWhatItKnew_andTellsHowOldThatIs() throws Exception {
        KafkaBrokerConfig config =
                KafkaBrokerConfig.in(directory.resolve("cut-off")).withPort(FreePorts.pick());
        KafkaBroker broker = KafkaBroker.start(config);
        try (GateApi api =
                GateApi.start(GateApiConfig.of(broker.bootstrapServers()).withPort(0))) {
            awaitReady(api);
            allowed(api, broker.bootstrapServers());
            Answer set = GateApiFixture.send(GateApiFixture.request(api, "/v1/kubernetes-clusters/eu-1")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"namespaces\":{\"shop\":{\"environment\":\"production\"}}}")));
            assertThat(set.status()).as(set.text()).isEqualTo(200);
            Answer decided = post(
                    api,
                    "/v1/gates/production/evaluate",
                    "application/json",
                    "{\"service\":\"checkout\",\"environment\":\"production\",\"artifact\":{\"digest\":\"" + DIGEST
                            + "\"}}");
            assertThat(decided.at("/decision")).as(decided.text()).isEqualTo("allow");
            await(() -> isAdmitted(api), () -> asked(api).text());
            await(() -> age(api) < 3, () -> age(api));

            broker.close();

            await(() -> !isAdmitted(api), () -> asked(api).text());
            assertThat(asked(api).json().at("/response/status/code").intValue()).isEqualTo(503);
            assertThat(asked(api).text()).contains("has not read the log of decisions yet, or cannot read it now");
            double then = age(api);
            assertThat(then).isGreaterThanOrEqualTo(5);
            await(() -> age(api) > then + 1, () -> age(api));

            broker = KafkaBroker.start(config);
            await(() -> isAdmitted(api), () -> asked(api).text());
        } finally {
            broker.close();
        }
    }
}
