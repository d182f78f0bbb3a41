package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RanksTest {
    /** Computed with {@code scipy.stats.rankdata} and {@code numpy.unique} (scipy 1.17.1). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 2 3   | 4 5       | 6   | 0",
                "4 5     | 1 2 3     | 9   | 0",
                "1 2 2 5 | 2 3 5 5   | 14  | 48",
                "7 7 7   | 7 7       | 9   | 120",
                "-1 0.5  | -1 0.25 9 | 5.5 | 6"
            })
    void ranks(String first, String second, double sum, double ties) {
        assertThat(Ranks.of(Series.array(first), Series.array(second))).isEqualTo(new Ranks(sum, ties));
    }
}
