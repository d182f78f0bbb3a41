package dev.sluice.gateapi.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimedIdsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    @Test
    void areUuidsOfVersion7_thatTellTheirTime() {
        String id = TimedIds.next(NOW);

        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        assertThat(TimedIds.timeOf(id)).contains(NOW);
    }

    @Test
    void differWithinOneMillisecond() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add(TimedIds.next(NOW));
        }

        assertThat(ids).hasSize(1_000);
    }

    @Test
    void refusesOtherIds() {
        assertThat(TimedIds.timeOf("1")).isEmpty();
        assertThat(TimedIds.timeOf("1-1-7000-8000-1")).isEmpty();
        assertThat(TimedIds.timeOf("6f0e3a52-8a44-5c7e-9d0b-3a1f5b0c7e21")).isEmpty();
        assertThat(TimedIds.timeOf(TimedIds.next(NOW).toUpperCase(java.util.Locale.ROOT)))
                .isEmpty();
    }
}
