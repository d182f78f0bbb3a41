package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MannWhitneyTest {
    private static final double CONFIDENCE = 0.98;
    /** Miles per gallon of cars with automatic transmission in R's data set mtcars (Henderson and Velleman, 1981). */
    static final String AUTOMATIC =
            "21.4 18.7 18.1 14.3 24.4 22.8 19.2 17.8 16.4 17.3 15.2 10.4 10.4 14.7 21.5 15.5 15.2 13.3 19.2";
    /** The same of cars with manual transmission. */
    static final String MANUAL = "21.0 21.0 22.8 32.4 30.4 33.9 27.3 26.0 30.4 15.8 19.7 15.0 21.4";

    /**
     * What R prints for {@code wilcox.test(mpg ~ am, data = mtcars, conf.int = TRUE)}. Its estimate is without the correction
     * for continuity and not the same; see {@link BrentSearchTest}.
     */
    @Test
    void isTheIntervalOfR() {
        Shift shift = shift(MANUAL, AUTOMATIC, 0.95);
        assertThat(shift.lower()).isCloseTo(-11.699942, within(5e-7));
        assertThat(shift.upper()).isCloseTo(-2.900042, within(5e-7));
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/kayenta/shifts.psv", delimiter = '|', useHeadersInDisplayName = true)
    void shift(
            String name,
            String baseline,
            String canary,
            double confidence,
            double lower,
            double upper,
            double estimate) {
        Shift shift = shift(baseline, canary, confidence);
        assertThat(shift.lower()).isCloseTo(lower, within(1e-11));
        assertThat(shift.upper()).isCloseTo(upper, within(1e-11));
        assertThat(shift.estimate()).isCloseTo(estimate, within(1e-11));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"5 | 7", "5 | 5", "0*60 | 5", "5 | 0*60"})
    void thereIsNoneIfAllValuesAreTied(String baseline, String canary) {
        var arms = new Arms(Series.array(baseline), Series.array(canary));
        assertThat(MannWhitney.shift(arms, CONFIDENCE)).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    /** The ends are where the statistic, which here comes from counting pairs, jumps over the quantile. */
    @ParameterizedTest
    @MethodSource("seeds")
    void endsAreWhereTheStatisticCrossesTheQuantile(long seed) {
        var random = new Random(seed);
        double[] baseline = sample(random, 5 + random.nextInt(20));
        double[] canary = sample(random, 5 + random.nextInt(20));
        Shift shift = MannWhitney.shift(new Arms(baseline, canary), CONFIDENCE).orElseThrow();
        double quantile = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(0.99);
        assertCrosses(baseline, canary, shift.lower(), quantile);
        assertCrosses(baseline, canary, shift.upper(), -quantile);
        assertCrosses(baseline, canary, shift.estimate(), 0);
    }

    private static void assertCrosses(double[] baseline, double[] canary, double mu, double level) {
        double least = Arrays.stream(canary).min().orElseThrow()
                - Arrays.stream(baseline).max().orElseThrow();
        double most = Arrays.stream(canary).max().orElseThrow()
                - Arrays.stream(baseline).min().orElseThrow();
        if (mu > least) {
            assertThat(z(baseline, canary, mu - BrentSearch.TOLERANCE)).isGreaterThanOrEqualTo(level);
        }
        if (mu < most) {
            assertThat(z(baseline, canary, mu + BrentSearch.TOLERANCE)).isLessThanOrEqualTo(level);
        }
    }

    /** Returns the statistic of values without ties. */
    private static double z(double[] baseline, double[] canary, double mu) {
        double greater = 0;
        for (double x : canary) {
            for (double y : baseline) {
                greater += x - mu > y ? 1 : 0;
            }
        }
        double pairs = (double) canary.length * baseline.length;
        double d = greater - pairs / 2;
        return (d - Math.signum(d) / 2) / Math.sqrt(pairs * (canary.length + baseline.length + 1) / 12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void swappedArmsHaveTheOppositeShift(long seed) {
        var random = new Random(seed);
        double[] baseline = sample(random, 4 + random.nextInt(20));
        double[] canary = sample(random, 4 + random.nextInt(20));
        Shift one = MannWhitney.shift(new Arms(baseline, canary), CONFIDENCE).orElseThrow();
        Shift other = MannWhitney.shift(new Arms(canary, baseline), CONFIDENCE).orElseThrow();
        assertThat(other.lower()).isCloseTo(-one.upper(), within(2 * BrentSearch.TOLERANCE));
        assertThat(other.upper()).isCloseTo(-one.lower(), within(2 * BrentSearch.TOLERANCE));
    }

    private static double[] sample(Random random, int size) {
        return random.doubles(size, 0, 100).toArray();
    }

    private static Shift shift(String baseline, String canary, double confidence) {
        return MannWhitney.shift(new Arms(Series.array(baseline), Series.array(canary)), confidence)
                .orElseThrow();
    }
}
