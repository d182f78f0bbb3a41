package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final JsonNode DOCUMENT = Json.mapper().createObjectNode().put("source", "github");
    private static final Control CONTROL = new Control("acme", Control.CONNECTION, "forge", "ops", AT, false, DOCUMENT);

    @Test
    void isReadAsItWasWritten() {
        byte[] written = Json.bytes(CONTROL);

        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo("""
                {"tenant":"acme","kind":"connection","id":"forge","principal":"ops","at":"2026-03-01T10:00:00Z",\
                "deleted":false,"document":{"source":"github"}}""");
        assertThat(Json.read(written, Control.class)).isEqualTo(CONTROL);
        assertThat(CONTROL.key()).isEqualTo("acme/connection/forge");
    }

    @Test
    void aDeletionSaysWhoAndKeepsTheDocument() {
        Control deletion = CONTROL.deletedBy("ann", AT.plusSeconds(1));

        assertThat(deletion)
                .isEqualTo(new Control("acme", "connection", "forge", "ann", AT.plusSeconds(1), true, DOCUMENT));
        assertThat(deletion.key()).isEqualTo(CONTROL.key());
    }

    @Test
    void withoutADocumentThereIsNone() {
        assertThatThrownBy(() -> Json.read(
                        "{\"tenant\":\"a\",\"kind\":\"k\",\"id\":\"i\",\"principal\":\"p\",\"at\":\"2026-03-01T10:00:00Z\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        Control.class))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("document must be an object");
    }
}
