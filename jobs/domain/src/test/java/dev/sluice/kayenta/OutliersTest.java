package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutliersTest {
    /**
     * Percentiles by hand as R-7 has them: the p-th of n sorted values is at (n - 1) p / 100, counted from 0. Of 2..9 and one
     * more above, Q1 is 4 and Q3 is 8, so that with 3 times the range the fences are -8 and 20; with one more below they are 3,
     * 7, -9 and 19.
     */
    @ParameterizedTest(name = "{0}, {1} times the range")
    @CsvSource(
            delimiter = '|',
            value = {
                "2..9 20          | 3    | 2..9 20",
                "2..9 20.001      | 3    | 2..9",
                "20.001 2..9      | 3    | 2..9",
                "-9 2..9          | 3    | -9 2..9",
                "-9.001 2..9      | 3    | 2..9",
                "2..9 14          | 1.5  | 2..9 14",
                "2..9 14.001      | 1.5  | 2..9",
                "2..9 20.001      | 3.25 | 2..9 20.001",
                // without a range the fences are the first and the last percentile: at 0.59 and 58.41 of 60 values
                "0*59 9           | 3    | 0*59",
                "0*58 9*2         | 3    | 0*58 9*2",
                "0*57 5 50 500    | 3    | 0*57 5 50",
                "-9 0*59          | 3    | 0*59",
                "-9 0*58 9        | 3    | 0*58",
                "5                | 3    | 5",
                "-                | 3    | -"
            })
    void removes(String values, double factor, String expected) {
        assertThat(new Outliers(Outliers.Strategy.REMOVE, factor).apply(Series.array(values)))
                .containsExactly(Series.array(expected));
    }

    @Test
    void keeps() {
        assertThat(Outliers.KEPT.apply(Series.array("2..9 1000"))).containsExactly(Series.array("2..9 1000"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void aFactorThatRemovesIsAboveZero(Double factor) {
        assertThatThrownBy(() -> new Outliers(Outliers.Strategy.REMOVE, factor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(factor));
        assertThat(new Outliers(Outliers.Strategy.KEEP, factor).factor()).isEqualTo(factor);
    }
}
