package dev.sluice.dora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.statistics.Interval;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest {
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
        assertThat(of(Arrays.stream(values.split(" ", -1)).mapToLong(Long::parseLong))
                        .quantile(p))
                .isCloseTo(expected, within(1e-9));
    }

    @Test
    void ofNothingIsNothing() {
        var nothing = new Sample();

        assertThat(nothing.count()).isZero();
        assertThat(nothing.mean()).isNull();
        assertThat(nothing.median()).isNull();
        assertThat(nothing.p90()).isNull();
        assertThat(nothing.medianInterval()).isNull();
    }

    @Test
    void theirOrderPlaysNoPart() {
        var random = new Random(7);
        long[] values = random.longs(1001, 0, 1_000_000_000L).toArray();
        long[] sorted = values.clone();
        Arrays.sort(sorted);

        Sample sample = of(LongStream.of(values));
        assertThat(sample.median()).isEqualTo((double) sorted[500]);
        assertThat(sample.p90()).isEqualTo((double) sorted[900]);
        assertThat(sample.medianInterval()).isEqualTo(new Interval(sorted[469], sorted[531]));
        assertThat(sample.mean()).isEqualTo(LongStream.of(values).sum() / 1001.0);
        assertThat(sample.values()).containsExactly(values);
    }

    private static Sample of(LongStream values) {
        var sample = new Sample();
        values.forEach(sample::add);
        return sample;
    }
}
