package dev.sluice.dora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantilesTest {
    /*
     * R: quantile(c(3, 7, 8, 8, 9, 10, 13, 15, 16, 20), c(0, .1, .25, .5, .9, 1), type = 7), and so on. The numbers were
     * taken from numpy 2.4.6, numpy.quantile(x, p, method="linear"), which its documentation gives as R's type 7.
     */
    @ParameterizedTest(name = "quantile {1} of {0}")
    @CsvSource({
        "42, 0, 42",
        "42, 0.5, 42",
        "42, 1, 42",
        "1 2, 0.1, 1.1",
        "1 2, 0.5, 1.5",
        "1 2, 0.9, 1.9",
        "3 7 8 8 9 10 13 15 16 20, 0, 3",
        "3 7 8 8 9 10 13 15 16 20, 0.1, 6.6",
        "3 7 8 8 9 10 13 15 16 20, 0.25, 8",
        "3 7 8 8 9 10 13 15 16 20, 0.5, 9.5",
        "3 7 8 8 9 10 13 15 16 20, 0.9, 16.4",
        "3 7 8 8 9 10 13 15 16 20, 1, 20",
        "0 1000 4000 9000 16000, 0.1, 400",
        "0 1000 4000 9000 16000, 0.5, 4000",
        "0 1000 4000 9000 16000, 0.9, 13200",
        "-5 0 5 100, 0.25, -1.25",
        "-5 0 5 100, 0.9, 71.5",
    })
    void agreesWithTypeSevenOfR(String values, double p, double expected) {
        long[] sorted =
                Arrays.stream(values.split(" ", -1)).mapToLong(Long::parseLong).toArray();

        assertThat(Quantiles.type7(sorted, p)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void thereIsNoQuantileOfNothing() {
        assertThatThrownBy(() -> Quantiles.type7(new long[0], 0.5)).isInstanceOf(IllegalArgumentException.class);
    }
}
