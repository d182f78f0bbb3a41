package dev.sluice.objective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCountsTest {
    /** In binary fractions the first is a little above its limit, and the third a little below. */
    @ParameterizedTest
    @CsvSource({
        "90, 100, 0.9, 1, 0",
        "80, 100, 0.8, 1, 0",
        "9856, 10000, 0.999, 14.4, 0",
        "9855, 10000, 0.999, 14.4, 1",
        "9857, 10000, 0.999, 14.4, -1",
        "0, 0, 0.999, 1, 0",
        "1, 1, 0.999, 1, -1",
        "0, 9223372036854775807, 0.5, 2, 0"
    })
    void aBurnRateIsComparedAsItIsWritten(long good, long total, double objective, double rate, int expected) {
        assertThat(Integer.signum(new EventCounts(good, total).compareBurn(objective, rate)))
                .isEqualTo(expected);
    }

    @Test
    void countsAreOfGoodOnesAmongAll() {
        assertThat(new EventCounts(1, 1).arePossible()).isTrue();
        assertThat(new EventCounts(2, 1).arePossible()).isFalse();
        assertThat(new EventCounts(-1, 1).arePossible()).isFalse();
        assertThat(new EventCounts(9_960, 10_000).burnRate(0.999)).isBetween(3.999, 4.001);
        assertThat(new EventCounts(0, 0).burnRate(0.999)).isZero();
        assertThat(new EventCounts(9_960, 10_000).words()).isEqualTo("40 of 10000 events were bad");
    }
}
