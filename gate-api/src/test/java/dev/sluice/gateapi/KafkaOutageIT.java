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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOutageIT {
    private static final String EVENT = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/ci\",\"type\":\"t\"}";
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
}
