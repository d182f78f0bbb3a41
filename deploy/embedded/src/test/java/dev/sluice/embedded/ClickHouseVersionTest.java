package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseVersionTest {
    @Test
    void isReadFromWhatABinarySays() {
        assertThat(ClickHouseVersion.in("ClickHouse server version 26.7.2.1 (official build)."))
                .contains(new ClickHouseVersion(26, 7, "26.7.2.1"));
        assertThat(ClickHouseVersion.in("25.10")).contains(new ClickHouseVersion(25, 10, "25.10"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Unknown option specified: version", "2026", "version 7.1"})
    void isNotReadFromOtherThings(String text) {
        assertThat(ClickHouseVersion.in(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "25.12.1.1, 26.1.1.1, true",
        "26.7.9.9, 26.10.1.1, true",
        "26.7.1.1, 26.7.2.1, false",
        "26.7.2.1, 26.7.1.1, false",
        "26.1.1.1, 25.12.1.1, false"
    })
    void onlyTheReleaseCounts(String one, String other, boolean older) {
        assertThat(version(one).isOlderThan(version(other))).isEqualTo(older);
    }

    private static ClickHouseVersion version(String text) {
        return ClickHouseVersion.in(text).orElseThrow();
    }
}
