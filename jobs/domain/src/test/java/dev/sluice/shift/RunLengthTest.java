package dev.sluice.shift;

import static dev.sluice.shift.ShiftFixture.bernoulli;
import static dev.sluice.shift.ShiftFixture.poisson;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proved bound on false reports and the measured delays, against references that are known exactly. */
class RunLengthTest {
    private static final double THRESHOLD = ShiftDetector.DEFAULT_THRESHOLD;
    private static final int RUNS = 1000;
    private static final long SEED = 20_261_128;

    /** Measured with 20,000 runs of another program: 277, 204, 269, 212, 238, 236. */
    @ParameterizedTest
    @CsvSource({"0.05, 1", "0.05, -1", "0.15, 1", "0.15, -1", "0.5, 1", "0.5, -1"})
    void anUnchangedRateIsReportedOnceInTheThresholdAtMost(double share, int sign) {
        Alternatives alternatives = Alternatives.toShare(share, sign, value -> value == 1);
        double mean = mean(runLengths(alternatives, random -> bernoulli(random, share)));
        assertThat(mean).as("seed %d", SEED).isBetween(THRESHOLD, 1.5 * THRESHOLD);
    }

    @ParameterizedTest
    @CsvSource({"0.14, 1", "0.16, -1"})
    void aRateOnTheSafeSideOfItsBoundIsReportedLessOften(double share, int sign) {
        Alternatives alternatives = Alternatives.toShare(0.15, sign, value -> value == 1);
        double mean = mean(runLengths(alternatives, random -> bernoulli(random, share)));
        double atTheBound = mean(runLengths(alternatives, random -> bernoulli(random, 0.15)));
        assertThat(mean).as("seed %d", SEED).isGreaterThan(atTheBound);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.5, -1", "3, 1", "3, -1"})
    void anUnchangedFrequencyIsReportedOnceInTheThresholdAtMost(double perWeek, int sign) {
        // the more a single value can say, the further it takes the statistic beyond the threshold, the longer the runs
        Alternatives alternatives = Alternatives.toMean(perWeek, sign, 1);
        double mean = mean(runLengths(alternatives, random -> poisson(random, perWeek)));
        assertThat(mean).as("seed %d", SEED).isGreaterThan(THRESHOLD);
    }

    @ParameterizedTest
    @CsvSource({"0.30, 28, 34", "0.45, 13, 17"})
    void aHigherRateIsFound(double after, double least, double most) {
        Alternatives alternatives = Alternatives.toShare(0.15, 1, value -> value == 1);
        int[] delays = runLengths(alternatives, random -> bernoulli(random, after));
        assertThat(median(delays)).as("seed %d", SEED).isBetween(least, most);
    }

    @Test
    void twiceAsManyDeploymentsAWeekAreFoundInAMonth() {
        int[] delays = runLengths(Alternatives.toMean(3, 1, 1), random -> poisson(random, 6));
        assertThat(median(delays)).as("seed %d", SEED).isBetween(3.0, 5.0);
    }

    private static int[] runLengths(Alternatives alternatives, ToLongFunction<Random> value) {
        var random = new Random(SEED);
        var lengths = new int[RUNS];
        for (int run = 0; run < RUNS; run++) {
            Evidence evidence = Evidence.NONE;
            int length = 0;
            while (evidence.statistic() < THRESHOLD) {
                LikelihoodRatios ratios = alternatives.of(value.applyAsLong(random));
                evidence = evidence.plus(ratios, ratios, Instant.EPOCH);
                length++;
            }
            lengths[run] = length;
        }
        return lengths;
    }

    private static double mean(int[] lengths) {
        return Arrays.stream(lengths).average().orElseThrow();
    }

    private static double median(int[] lengths) {
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        return (sorted[(RUNS - 1) / 2] + sorted[RUNS / 2]) / 2.0;
    }
}
