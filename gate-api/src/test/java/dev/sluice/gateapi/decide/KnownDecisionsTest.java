package dev.sluice.gateapi.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.decide.KnownDecisions.Known;
import dev.sluice.gateapi.decide.KnownDecisions.Subject;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownDecisionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final Subject SUBJECT = new Subject("acme", "production", "shop", "production", DIGEST);

    private final KnownDecisions known = new KnownDecisions();

    private static byte[] record(String id, String decision, @Nullable String digest) {
        var made = new DecisionRecord(
                id,
                "production",
                "acme",
                "shop",
                "production",
                new GateRequest.Artifact("1", digest, null),
                decision,
                decision.equals("allow"),
                "",
                "",
                "because",
                null,
                "",
                List.of(),
                List.of(),
                List.of(),
                new DecisionRecord.Freshness(1L, 2, false),
                NOW,
                NOW.plusSeconds(60),
                "ci",
                null,
                null);
        return RecordedDecision.bytes(Json.bytes(made), null);
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<String> newest() {
        return known.newest(SUBJECT).map(Known::id);
    }

    @Test
    void theNewestFinalDecisionIsKnown() {
        known.take("acme", 1, record("first", "allow", DIGEST));
        assertThat(newest()).contains("first");
        known.take("acme", 2, record("second", "pending", DIGEST));
        assertThat(newest()).as("nothing was decided").contains("first");
        known.take("acme", 3, record("third", "deny", DIGEST));
        assertThat(newest()).contains("third");
        assertThat(known.newest(SUBJECT).orElseThrow().allowsAt(NOW)).isFalse();
        known.take("acme", 4, record("fourth", "error", DIGEST));
        assertThat(newest()).contains("fourth");
    }

    @Test
    void anAllowHoldsUntilItExpires() {
        known.take("acme", 1, record("first", "allow", DIGEST));

        Known first = known.newest(SUBJECT).orElseThrow();

        assertThat(first.allowsAt(NOW.plusSeconds(59))).isTrue();
        assertThat(first.allowsAt(NOW.plusSeconds(60))).isFalse();
    }

    @Test
    void anOlderRecordThatIsReadAgainDoesNotReplaceANewerOne() {
        known.take("acme", 7, record("allow", "allow", DIGEST));
        known.take("acme", 9, record("deny", "deny", DIGEST));
        known.take("acme", 7, record("allow", "allow", DIGEST));

        assertThat(newest()).contains("deny");
    }

    @Test
    void whereRecordsAreMissingNothingIsKnown() {
        known.take("acme", 7, record("allow", "allow", DIGEST));
        known.take("other", 8, text("{\"kind\":\"gap\",\"after_offset\":3,\"goes_on_at\":8}"));
        assertThat(newest()).contains("allow");

        known.take("acme", 8, text("{\"kind\":\"gap\",\"after_offset\":3,\"goes_on_at\":8}"));

        assertThat(newest()).isEmpty();
    }

    @Test
    void whatIsNoDecisionOfAnArtifactIsPassedOver() {
        known.take("acme", 1, record("none", "allow", null));
        known.take("other", 2, record("of another tenant's key", "allow", DIGEST));
        known.take("acme", 3, text("{\"kind\":\"claim\"}"));
        assertThat(newest()).isEmpty();
        assertThat(known.newest(new Subject("other", "production", "shop", "production", DIGEST)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "nonsense", "[]", "{\"unreadable\":\"AA==\"}", "{\"kind\":\"decision\",\"id\":\"x\"}"})
    void whatCannotBeReadMayDeny_soNothingIsKnownAnyMore(String record) {
        known.take("acme", 1, record("first", "allow", DIGEST));

        known.take("acme", 2, text(record));

        assertThat(newest()).isEmpty();
        known.take("acme", 3, record("later", "allow", DIGEST));
        assertThat(newest()).contains("later");
    }
}
