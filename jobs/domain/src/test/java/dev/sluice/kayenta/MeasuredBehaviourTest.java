package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often metrics of random values fail: the rates are those that were measured of Kayenta's own judge, of 2025-04, by
 * simulation. Both are estimates; they may differ by some standard errors.
 */
class MeasuredBehaviourTest {
    private static final long SEED = 20261129;
    private static final int RUNS = 1000;
    private static final int POINTS = 60;

    /** Of two arms of the same noise: few points fail often, though nothing is wrong. */
    @ParameterizedTest
    @CsvSource({
        "2, 0.24, 0.04",
        "3, 0.05, 0.02",
        "4, 0.01, 0.01",
        "5, 0.003, 0.005",
        "60, 0.003, 0.005",
        "240, 0.003, 0.005"
    })
    void falseAlarms(int points, double rate, double tolerance) {
        var random = new Random(SEED);
        assertThat(failing("", run -> normal(random, points, 100, 10), run -> normal(random, points, 100, 10)))
                .isCloseTo(rate, within(tolerance));
    }

    /** Each point is the one before times the factor, and noise. */
    @ParameterizedTest
    @CsvSource({"0.3, 0.024, 0.02", "0.5, 0.07, 0.03", "0.7, 0.17, 0.04", "0.9, 0.49, 0.05"})
    void falseAlarmsOfAutocorrelatedSeries(double factor, double rate, double tolerance) {
        var random = new Random(SEED);
        assertThat(failing("", run -> autocorrelated(random, factor), run -> autocorrelated(random, factor)))
                .isCloseTo(rate, within(tolerance));
    }

    @ParameterizedTest
    @CsvSource({"105, 10, 0.31, 0.05", "107, 10, 0.71, 0.05", "110, 10, 0.99, 0.02", "100.1, 0.1, 0.99, 0.02"})
    void increasesThatAreSeen(double mean, double deviation, double rate, double tolerance) {
        var random = new Random(SEED);
        assertThat(failing(
                        "direction=increase",
                        run -> normal(random, POINTS, 100, deviation),
                        run -> normal(random, POINTS, mean, deviation)))
                .isCloseTo(rate, within(tolerance));
    }

    /** Errors a minute: from some rate on, more of them are seen less often. */
    @ParameterizedTest
    @CsvSource({
        "0,    0.3, 0.001, 0.005",
        "0.2,  0.6, 0.60,  0.05",
        "0.2,  0.8, 0.53,  0.05",
        "0.2,  1.0, 0.33,  0.05",
        "0.2,  1.2, 0.57,  0.05",
        "0.2,  1.5, 0.94,  0.03",
        "0.2,  2.0, 1.00,  0.01",
        "0.05, 0.5, 0.79,  0.05",
        "0.1,  0.5, 0.73,  0.05",
        "0.1,  0.3, 0.17,  0.05"
    })
    void rareErrorsThatAreSeen(double before, double after, double rate, double tolerance) {
        var random = new Random(SEED);
        assertThat(failing("direction=increase", run -> poisson(random, before), run -> poisson(random, after)))
                .isCloseTo(rate, within(tolerance));
    }

    /** In small units twice as much may not be seen, and nothing may be: the ends of an interval are off by up to 0.0001. */
    @ParameterizedTest
    @CsvSource({"3e-5, 6e-5, 0.33, 0.1", "1e-5, 2e-5, 0.33, 0.1", "1e-4, 1e-4, 0.07, 0.03", "1e-4, 2e-4, 1, 0.01"})
    void smallUnits(double before, double after, double rate, double tolerance) {
        var random = new Random(SEED);
        assertThat(failing(
                        "",
                        run -> normal(random, POINTS, before, before / 10),
                        run -> normal(random, POINTS, after, after / 10)))
                .isCloseTo(rate, within(tolerance));
    }

    @Test
    void tailsAreNotSeen() {
        var random = new Random(SEED);
        assertThat(failing(
                        "direction=increase",
                        run -> normal(random, POINTS, 100, 10),
                        run -> IntStream.range(0, POINTS)
                                .mapToDouble(
                                        i -> (random.nextDouble() < 0.05 ? 1000 : 100) + 10 * random.nextGaussian())
                                .toArray()))
                .isLessThan(0.01);
    }

    private static double failing(String settings, IntFunction<double[]> baseline, IntFunction<double[]> canary) {
        var config = new JudgeConfig(
                List.of(Settings.config("m", List.of("g"), settings.isEmpty() ? null : settings)), Map.of());
        IntToDoubleFunction score = run -> NetflixAcaJudge.judge(
                        config,
                        new Thresholds(95, 75),
                        List.of(new MetricPair("m", boxed(baseline.apply(run)), boxed(canary.apply(run)))),
                        new Random(run))
                .score();
        return IntStream.range(0, RUNS)
                        .filter(run -> score.applyAsDouble(run) == 0)
                        .count()
                / (double) RUNS;
    }

    private static List<Double> boxed(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }

    private static double[] normal(Random random, int points, double mean, double deviation) {
        return IntStream.range(0, points)
                .mapToDouble(i -> mean + deviation * random.nextGaussian())
                .toArray();
    }

    private static double[] autocorrelated(Random random, double factor) {
        double[] values = new double[POINTS];
        double state = random.nextGaussian();
        for (int i = 0; i < POINTS; i++) {
            state = factor * state + Math.sqrt(1 - factor * factor) * random.nextGaussian();
            values[i] = 100 + 10 * state;
        }
        return values;
    }

    /** Counts by Knuth's method: how many factors from 0 to 1 it takes to come below exp(-mean). */
    private static double[] poisson(Random random, double mean) {
        double[] values = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            double product = random.nextDouble();
            while (product > Math.exp(-mean)) {
                product *= random.nextDouble();
                values[i]++;
            }
        }
        return values;
    }
}
