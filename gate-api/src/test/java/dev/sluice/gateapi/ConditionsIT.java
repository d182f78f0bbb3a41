package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionsIT {
    private static final String POLICY = """
            name: replace
            version: "1"
            gates: [production]
            rules:
              - id: new-version
                mode: enforce
                cel: artifact.version != current.version && metrics["30d"].deployment_success_rate.value > 0.5
                message: this version runs already
            """;

    @TempDir
    Path directory;

    private static Answer evaluate(GateApi api, String artifact) {
        return post(api, "/v1/gates/production/evaluate", "application/json", """
                {"service":"checkout","environment":"production"%s}""".formatted(artifact));
    }

    private static Answer version(GateApi api, String version) {
        return evaluate(api, ",\"artifact\":{\"version\":\"" + version + "\"}");
    }

    @Test
    void judgesAConditionOverWhatRunsAndWhatIsAsked() throws Exception {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("replace.yaml"), POLICY);
        try (KafkaBroker broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                GateApi api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                        .withPort(0)
                        .withFiles(GateApiFiles.NONE.withPolicies(policies)));
                KafkaProducer<String, byte[]> jobs = GateApiFixture.jobs(broker.bootstrapServers())) {
            awaitReady(api);
            var place = put(jobs, running("checkout", "1.9", false), 1);
            put(jobs, row("checkout", 19, 20), 1);
            await(
                    () -> {
                        progress(jobs, Instant.now());
                        return version(api, "2.0").at("/decision").equals("allow");
                    },
                    () -> version(api, "2.0").text());
            progress(jobs, Instant.now());

            Answer denied = version(api, "1.9");
            Answer unsaid = evaluate(api, "");

            assertThat(denied.status()).as(denied.text()).isEqualTo(200);
            assertThat(denied.at("/decision")).isEqualTo("deny");
            assertThat(denied.at("/code")).isEqualTo("condition");
            assertThat(denied.at("/reason"))
                    .isEqualTo("this version runs already; artifact.version is 1.9, current.version is 1.9");
            assertThat(denied.at("/rules/0/expression")).startsWith("artifact.version != current.version");
            assertThat(denied.at("/rules/0/read/1/name")).isEqualTo("current.version");
            assertThat(denied.at("/rules/0/read/1/value")).isEqualTo("1.9");
            assertThat(denied.at("/inputs/1/topic")).isEqualTo("sluice.current.v1");
            assertThat(denied.at("/inputs/1/offset")).isEqualTo(Long.toString(place.offset()));
            assertThat(unsaid.at("/decision")).as(unsaid.text()).isEqualTo("error");
            assertThat(unsaid.at("/code")).isEqualTo("missing_input");
            assertThat(unsaid.json().at("/allowed").booleanValue()).isFalse();
            assertThat(unsaid.at("/reason"))
                    .isEqualTo("rule new-version could not be judged: artifact.version is not known");
            jobs.close(Duration.ZERO);
        }
    }

    @Test
    void doesNotStartWithAConditionThatIsWrong() throws Exception {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("replace.yaml"), POLICY.replace("current.version", "current.versoin"));

        assertThatThrownBy(() -> GateApi.start(GateApiConfig.of("127.0.0.1:1")
                        .withPort(0)
                        .withFiles(GateApiFiles.NONE.withPolicies(policies))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("replace.yaml:7:10: cel 1:28: undefined field 'versoin'");
    }
}
