package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RollbackRequestDocumentTest {
    private static Control control(String more) {
        String json = "{\"service\": \"checkout\", \"environment\": \"staging\", \"deployment\": \"d2\","
                + " \"reason\": \"quarterly\"" + more + "}";
        return new Control(
                "acme",
                Control.ROLLBACK_REQUEST,
                "r",
                "ann",
                Instant.parse("2026-03-02T12:00:00Z"),
                false,
                Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class));
    }

    @Test
    void aRequestOfBeforeThereWereDrillsIsNone() {
        Control request = control("");

        assertThat(RollbackRequestDocument.of(request).trigger(request).drill()).isFalse();
    }

    @Test
    void aDrillIsOne() {
        Control request = control(", \"drill\": true");

        assertThat(RollbackRequestDocument.of(request).trigger(request).drill()).isTrue();
    }
}
