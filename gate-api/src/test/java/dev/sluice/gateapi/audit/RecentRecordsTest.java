package dev.sluice.gateapi.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.MovableClock;
import dev.sluice.wire.AuditChain;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final MovableClock clock = new MovableClock(NOON);
    private final RecentRecords records = new RecentRecords(clock);

    private void take(String tenant, long offset, String id, String decision, @Nullable String resolved) {
        take(tenant, offset, id, decision, resolved, "\"service\":\"of %s\"".formatted(id));
    }

    private void take(
            String tenant, long offset, String id, String decision, @Nullable String resolved, String fields) {
        byte[] record =
                "{\"kind\":\"decision\",\"snapshot\":null,\"id\":\"%s\",\"decision\":\"%s\",\"expires_at\":\"%s\",%s}"
                        .formatted(id, decision, NOON.plusSeconds(60 + offset), fields)
                        .getBytes(StandardCharsets.UTF_8);
        records.take(AuditLine.next(tenant, 0, offset, record, AuditChain.START, resolved), true);
    }

    private List<String> pending() {
        return records.pending("acme").stream()
                .map(kept -> kept.json().path("id").asText())
                .toList();
    }

    @Test
    void areTheNewestOfATenant_eachOnce_howeverOftenTheLogIsRead() {
        for (int round = 0; round < 2; round++) {
            for (int offset = 0; offset < 300; offset++) {
                take("acme", offset, "d" + offset, "allow", null);
            }
        }
        take("other", 300, "o", "deny", null);

        assertThat(records.newest("acme"))
                .hasSize(200)
                .first()
                .satisfies(kept -> assertThat(kept.json().path("id").asText()).isEqualTo("d299"));
        assertThat(records.newest("other")).hasSize(1);
        assertThat(records.newest("nobody")).isEmpty();
    }

    @Test
    void aDecisionIsPendingUntilTheLogSaysWhatBecameOfIt() {
        take("acme", 1, "a", "pending", null);
        take("acme", 2, "b", "pending", null);
        take("acme", 3, "a", "allow", "a");

        assertThat(records.pending("acme"))
                .extracting(kept -> kept.json().path("id").asText())
                .containsExactly("b");
        assertThat(records.pending("other")).isEmpty();
    }

    @Test
    void noMorePendingOnesAreKeptThanAPageCanShow() {
        for (int offset = 0; offset < 600; offset++) {
            take("acme", offset, "d" + offset, "pending", null);
        }

        assertThat(records.pending("acme"))
                .hasSize(500)
                .first()
                .satisfies(kept -> assertThat(kept.json().path("id").asText()).isEqualTo("d100"));
    }

    @Test
    void whatHasExpiredIsNoLongerPending_thoughNobodyAsksWhatBecameOfIt() {
        take("acme", 1, "a", "pending", null);
        take("acme", 2, "b", "pending", null);
        assertThat(pending()).containsExactly("a", "b");

        clock.set(NOON.plusSeconds(61));

        assertThat(pending()).containsExactly("b");
    }

    @Test
    void whoAsksAnewAgainAndAgainCrowdsOutNobody() {
        take("acme", 0, "other", "pending", null);
        for (int offset = 1; offset <= 600; offset++) {
            take("acme", offset, "d" + offset, "pending", null, subject("deploy", "production", "1.4.0"));
        }

        assertThat(pending()).containsExactly("other", "d600");
        take("acme", 601, "d600", "allow", "d600");
        assertThat(pending()).containsExactly("other");
    }

    @Test
    void anotherGateEnvironmentOrArtifactIsAnotherSubject() {
        take("acme", 1, "a", "pending", null, subject("deploy", "production", "1.4.0"));
        take("acme", 2, "b", "pending", null, subject("expand", "production", "1.4.0"));
        take("acme", 3, "c", "pending", null, subject("deploy", "staging", "1.4.0"));
        take("acme", 4, "d", "pending", null, subject("deploy", "production", "1.5.0"));
        take("acme", 5, "e", "pending", null, subject("deploy", "production", "1.4.0"));

        assertThat(pending()).containsExactly("b", "c", "d", "e");
    }

    private static String subject(String gate, String environment, String version) {
        return "\"gate\":\"%s\",\"service\":\"checkout\",\"environment\":\"%s\",\"artifact\":{\"version\":\"%s\"}"
                .formatted(gate, environment, version);
    }
}
