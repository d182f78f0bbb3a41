package dev.sluice.gateapi.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.decide.KnownDecisions.Known;
import dev.sluice.gateapi.decide.KnownDecisions.Subject;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownDecisionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final Subject SUBJECT = new Subject("acme", "production", "shop", "production", DIGEST);

    private final KnownDecisions known = new KnownDecisions(2);

    private static byte[] record(String id, String decision, @Nullable String digest) {
        return record("acme", id, decision, digest);
    }

    private static byte[] record(String tenant, String id, String decision, @Nullable String digest) {
        var made = new DecisionRecord(
                id,
                "production",
                tenant,
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
                List.of(
                        new DecisionRecord.PolicyReference("b", "1", "2222"),
                        new DecisionRecord.PolicyReference("a", "1", "1111")),
                List.of(rule(null), rule(new DecisionRecord.Exempted("exemption", "ann", "OPS-1", NOW))),
                List.of(),
                new DecisionRecord.Freshness(1L, 2, false),
                NOW,
                NOW.plusSeconds(60),
                "ci",
                null,
                new DecisionRecord.Overridden("override", "ann", "ben", "a drill", NOW));
        return RecordedDecision.bytes(Json.bytes(made), null);
    }

    private static DecisionRecord.RuleAnswer rule(DecisionRecord.@Nullable Exempted exemption) {
        return new DecisionRecord.RuleAnswer(
                "a", "r", "enforce", null, "allow", "met", "", null, null, null, null, null, null, null, null, null,
                null, exemption);
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
    void whatADecisionStandsOnIsKnown() {
        known.take("acme", 1, record("first", "allow", DIGEST));

        assertThat(known.newest(SUBJECT).orElseThrow().grounds())
                .isEqualTo(new Grounds(List.of("1111", "2222"), Set.of("exemption"), "override"));
    }

    @Test
    void aTenantThatHasManyLosesItsOldest_andNoneOfAnother() {
        known.take("acme", 1, record("first", "allow", DIGEST));
        for (int i = 0; i < 5; i++) {
            known.take("other", 2 + i, record("other", "others" + i, "allow", "sha256:" + i));
        }
        assertThat(newest()).contains("first");
        assertThat(List.of("0", "1", "2", "3", "4"))
                .filteredOn(digest -> known.newest(
                                new Subject("other", "production", "shop", "production", "sha256:" + digest))
                        .isPresent())
                .containsExactly("3", "4");

        known.take("acme", 7, record("second", "allow", "sha256:b"));
        known.take("acme", 8, record("first again", "allow", DIGEST));
        known.take("acme", 9, record("third", "allow", "sha256:c"));
        assertThat(newest()).as("what was decided anew is not the oldest").contains("first again");
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
            strings = {
                "{}",
                "nonsense",
                "[]",
                "",
                "{\"unreadable\":\"AA==\"}",
                "{\"kind\":\"decision\",\"id\":\"x\"}",
                "{\"kind\":\"claim\",\"rules\":[1,",
                "{\"kind\":\"claim\"} {}",
                "{\"kind\":\"claim\",\"kind\":\"claim\"}"
            })
    void whatCannotBeReadMayDeny_soNothingIsKnownAnyMore(String record) {
        known.take("acme", 1, record("first", "allow", DIGEST));

        known.take("acme", 2, text(record));

        assertThat(newest()).isEmpty();
        known.take("acme", 3, record("later", "allow", DIGEST));
        assertThat(newest()).contains("later");
    }
}
