package dev.sluice.gateapi.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of all that is set up and said is in the audit log. */
class ChangeRecordTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Control change(String kind) {
        return new Control(
                "acme",
                kind,
                "one",
                "ann",
                NOON,
                false,
                Json.mapper().createObjectNode().put("a", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {Control.POLICY, Control.VALIDATION, Control.ROLLBACK_REQUEST})
    void whatPeopleAndPipelinesSetUpIsAudited(String kind) {
        assertThat(ChangeRecord.of(change(kind))).hasValueSatisfying(record -> {
            JsonNode json = Json.read(record, JsonNode.class);
            assertThat(json.path("what").asText()).isEqualTo(kind);
            assertThat(json.path("document").path("a").asInt()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {Control.ENDPOINT, Control.TOKEN})
    void ofWhatSaysWhereSecretsAreAHashIsAudited(String kind) {
        assertThat(ChangeRecord.of(change(kind)))
                .hasValueSatisfying(record -> assertThat(Json.read(record, JsonNode.class)
                                .path("document")
                                .fieldNames())
                        .toIterable()
                        .containsExactly("sha256"));
    }

    @Test
    void countsOfAnObjectiveWouldDrownTheRest_andAreNot() {
        assertThat(ChangeRecord.of(change(Control.ERROR_BUDGET))).isEmpty();
    }
}
