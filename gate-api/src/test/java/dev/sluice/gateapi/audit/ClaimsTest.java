package dev.sluice.gateapi.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOLDS = Duration.ofMinutes(15);

    private final Claims claims = new Claims();

    private static ClaimRecord claim(String record, String tenant, String id, Instant at) {
        return new ClaimRecord(
                ClaimRecord.KIND, record, tenant, "consumption", id, "by-" + record, "ci", at, at.plus(HOLDS));
    }

    private String holder(String tenant, String id) {
        return claims.holder(tenant, "consumption", id).map(ClaimRecord::record).orElse("nobody");
    }

    @Test
    void theFirstInTheLogHolds_whateverComesLater() {
        claims.read(claim("first", "default", "d", NOW.plusSeconds(1)));
        claims.read(claim("earlier by its clock", "default", "d", NOW));
        claims.read(claim("later", "default", "d", NOW.plusSeconds(2)));

        assertThat(holder("default", "d")).isEqualTo("first");
    }

    @Test
    void aClaimIsOfItsTenantAndItsThing() {
        claims.read(claim("first", "default", "d", NOW));

        assertThat(holder("default", "e")).isEqualTo("nobody");
        assertThat(holder("acme", "d")).isEqualTo("nobody");
        assertThat(claims.holder("default", "token", "d")).isEmpty();
    }

    @Test
    void theSameLogReadAgainChangesNothing() {
        ClaimRecord first = claim("first", "default", "d", NOW);
        claims.read(first);
        claims.read(claim("later", "default", "d", NOW.plusSeconds(2)));

        claims.read(first);

        assertThat(holder("default", "d")).isEqualTo("first");
        assertThat(claims.size()).isEqualTo(1);
    }

    @Test
    void whatNothingRestsOnAnyMoreIsForgotten_andNotBefore() {
        claims.read(claim("first", "default", "d", NOW));

        claims.forget(NOW.plus(HOLDS));
        assertThat(holder("default", "d")).isEqualTo("first");
        claims.forget(NOW.plus(HOLDS).plusMillis(1));
        assertThat(holder("default", "d")).isEqualTo("nobody");
        assertThat(claims.size()).isZero();
    }

    @Test
    void oneThatWasMadeWhenTheFirstHadExpiredTakesItsPlace() {
        claims.read(claim("first", "default", "d", NOW));
        claims.read(claim("next", "default", "d", NOW.plus(HOLDS)));

        assertThat(holder("default", "d")).isEqualTo("next");
    }
}
