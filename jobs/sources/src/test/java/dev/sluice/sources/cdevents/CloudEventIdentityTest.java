package dev.sluice.sources.cdevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.Deliveries;
import dev.sluice.wire.EventSchemas;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventIdentityTest {

    @ParameterizedTest
    @CsvSource({
        "cdevents_plugin_kinesis_pipelinerun_started,          job/checkout-deploy/42/, 8850892f-ba6d-4281-bb0c-9c6bc0ab180a",
        "cdevents_plugin_kinesis_pipelinerun_finished_failure, job/checkout-deploy/43/, b09091cf-e9b3-4eb2-99a7-3369eb0a080d",
        "sdk_java_0_3_1_pipelinerun_finished_success,          job/checkout-deploy/42/, 3f70ae70-c1c4-4dd2-9c54-93d72ef14a4b"
    })
    void isThatOfTheCdEvent_whereTheEnvelopeHasAnotherOne(String name, String source, String id) throws IOException {
        JsonNode event = Json.mapper().readTree(Deliveries.payload("cdevents/" + name + ".json"));

        assertThat(event.path("id").asText()).isNotEqualTo(id);
        assertThat(CloudEventIdentity.of(event)).isEqualTo(new CloudEventIdentity(source, id));
    }

    @Test
    void isThatOfTheEnvelope_whereItCarriesSomethingElse() throws IOException {
        ObjectNode event = (ObjectNode) example("cloudevent_of_another_world");
        event.putObject("data").putObject("context").put("id", "inner").put("source", "inner");

        assertThat(CloudEventIdentity.of(event))
                .isEqualTo(new CloudEventIdentity(
                        event.path("source").asText(), event.path("id").asText()));
    }

    @Test
    void everyValidEventHasOne() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Deliveries.examples().resolve("valid"))) {
            files = all.toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        for (Path file : files) {
            JsonNode event = Json.mapper().readTree(file.toFile());
            boolean cdEvent = EventSchemas.isCdEvent(event.path("type").asText());
            JsonNode expected = cdEvent ? event.at("/data/context") : event;

            assertThat(CloudEventIdentity.of(event))
                    .as(file.toString())
                    .isEqualTo(new CloudEventIdentity(
                            expected.path("source").asText(),
                            expected.path("id").asText()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"type\":\"example.thing\",\"source\":\"/s\"}",
                "{\"type\":\"example.thing\",\"source\":\"/s\",\"id\":7}",
                "{\"type\":\"dev.cdevents.service.deployed.0.3.0\",\"source\":\"/s\",\"id\":\"1\"}"
            })
    void refusesWhatHasNone(String json) throws IOException {
        JsonNode event = Json.mapper().readTree(json);

        assertThatThrownBy(() -> CloudEventIdentity.of(event)).isInstanceOf(IllegalArgumentException.class);
    }

    private static JsonNode example(String name) throws IOException {
        return Json.mapper()
                .readTree(
                        Deliveries.examples().resolve("valid/" + name + ".json").toFile());
    }
}
