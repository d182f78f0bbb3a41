package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"1500ms, 1500ms", "60s, 1m", "90s, 90s", "120m, 2h", "24h, 1d", "36h, 36h", "0ms, 0s", "30d, 30d"})
    void aDurationIsWrittenInItsLargestUnit(String text, String shortest) {
        Duration duration = Durations.parse(text).orElseThrow();

        assertThat(Durations.text(duration)).isEqualTo(shortest);
        assertThat(Durations.parse(shortest)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "1.5h", "1 h", "1w", "9999999999s", "1h30m"})
    void anythingElseIsNone(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
