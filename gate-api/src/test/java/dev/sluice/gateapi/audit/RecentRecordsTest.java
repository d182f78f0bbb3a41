package dev.sluice.gateapi.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.wire.AuditChain;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {
    private final RecentRecords records = new RecentRecords();

    private void take(String tenant, long offset, String id, String decision, @Nullable String resolved) {
        byte[] record = "{\"kind\":\"decision\",\"snapshot\":null,\"id\":\"%s\",\"decision\":\"%s\"}"
                .formatted(id, decision)
                .getBytes(StandardCharsets.UTF_8);
        records.take(AuditLine.next(tenant, 0, offset, record, AuditChain.START, resolved));
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
}
