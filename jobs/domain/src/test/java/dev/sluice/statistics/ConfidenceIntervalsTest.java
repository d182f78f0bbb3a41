package dev.sluice.statistics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceIntervalsTest {
    private static final double RELATIVE = 1e-8;

    @ParameterizedTest
    @CsvSource({
        "0, 5, 0, 0.43448246478317476",
        "1, 10, 0.017876213095072896, 0.4041500267952385",
        "3, 20, 0.052368745896216595, 0.36041886474075696",
        "12, 80, 0.08794040506163547, 0.24413228561323347",
        "5, 5, 0.56551753521682524, 1"
    })
    void rate(int successes, int trials, double lower, double upper) {
        assertClose(requireNonNull(ConfidenceIntervals.ofRate(successes, trials)), lower, upper);
    }

    @Test
    void rateOfFewTrialsHasNone() {
        assertThat(ConfidenceIntervals.ofRate(0, 0)).isNull();
        assertThat(ConfidenceIntervals.ofRate(2, 4)).isNull();
        assertThatThrownBy(() -> ConfidenceIntervals.ofRate(6, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConfidenceIntervals.ofRate(-1, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "5, 0", "6, 1", "10, 2", "25, 8", "101, 41"})
    void medianRank(int n, int rank) {
        assertThat(ConfidenceIntervals.medianRank(n)).isEqualTo(rank);
    }

    @Test
    void medianRankIsTheGreatestThatCovers() {
        for (int n = 1; n <= 3000; n++) {
            int rank = ConfidenceIntervals.medianRank(n);
            var binomial = new BinomialDistribution(null, n, 0.5);
            assertThat(binomial.cumulativeProbability(rank - 1)).as("n=%d", n).isLessThanOrEqualTo(0.025);
            assertThat(binomial.cumulativeProbability(rank)).as("n=%d", n).isGreaterThan(0.025);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4, 0, 0.9222198635284838",
        "3, 4, 0.15466803072390037, 2.191818267435581",
        "17, 4, 2.4757816174018235, 6.804661703976653"
    })
    void frequency(int events, double time, double lower, double upper) {
        assertClose(ConfidenceIntervals.ofFrequency(events, time), lower, upper);
    }

    @Test
    void frequencyIsHalfOfTheChiSquaredQuantiles() {
        for (int k : new int[] {1, 2, 5, 40, 300, 5000, 200_000}) {
            Interval interval = ConfidenceIntervals.ofFrequency(k, 1);
            assertThat(new ChiSquaredDistribution(null, 2.0 * k).cumulativeProbability(2 * interval.lower()))
                    .as("k=%d", k)
                    .isCloseTo(0.025, within(1e-6));
            assertThat(new ChiSquaredDistribution(null, 2.0 * k + 2).cumulativeProbability(2 * interval.upper()))
                    .as("k=%d", k)
                    .isCloseTo(0.975, within(1e-6));
        }
    }

    @Test
    void frequencyNeedsTime() {
        assertThatThrownBy(() -> ConfidenceIntervals.ofFrequency(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConfidenceIntervals.ofFrequency(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertClose(Interval interval, double lower, double upper) {
        assertThat(interval.lower()).isCloseTo(lower, within(RELATIVE * Math.max(lower, 1e-300)));
        assertThat(interval.upper()).isCloseTo(upper, within(RELATIVE * upper));
    }
}
