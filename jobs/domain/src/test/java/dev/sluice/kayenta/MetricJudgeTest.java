package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class MetricJudgeTest {
    private static final long SEED = 20261129;
    /** Who is asked for noise where there should be none. */
    private static final RandomGenerator NO_NOISE = () -> {
        throw new AssertionError("noise where there should be none");
    };

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/kayenta/metrics.psv", delimiter = '|', useHeadersInDisplayName = true)
    void metric(
            String name,
            @Nullable String settings,
            String baseline,
            String canary,
            String label,
            @Nullable String critical,
            @Nullable Double ratio,
            @Nullable String reason) {
        Finding finding = judge(Settings.config("m", List.of("g"), settings), baseline, canary, new Random(SEED))
                .finding();
        assertThat(finding.label().word()).isEqualTo(label);
        assertThat(finding.critical()).isEqualTo(critical != null);
        assertThat(finding.reason()).isEqualTo(reason);
        assertRatio(finding.ratio(), ratio);
    }

    /** By hand: 2, 4, 4, 4, 5, 5, 7, 9 have the mean 5 and the sum of squares 32 around it; 32 / 7 is the variance. */
    @Test
    void numbersAreOfWhatIsCompared() {
        MetricResult result =
                judge(Settings.config("m", List.of(), "outliers=remove"), "NaN 9 2 7 4 5 4 5 4 1000", "NaN", NO_NOISE);
        ArmStatistics baseline = result.baseline();
        assertThat(baseline.count()).isEqualTo(8);
        assertThat(baseline.mean()).isEqualTo(5);
        assertThat(baseline.min()).isEqualTo(2);
        assertThat(baseline.max()).isEqualTo(9);
        assertThat(baseline.std()).isCloseTo(Math.sqrt(32 / 7.0), within(1e-12));
        assertThat(result.canary()).isEqualTo(new ArmStatistics(0, 0, 0, 0, 0));
    }

    @Test
    void numbersOfOneValueHaveNoDeviation() {
        MetricResult result =
                judge(Settings.config("m", List.of(), "nanStrategy=replace"), "NaN", "7", new Random(SEED));
        assertThat(result.baseline()).isEqualTo(new ArmStatistics(1, 0, 0, 0, 0));
        assertThat(result.canary()).isEqualTo(new ArmStatistics(1, 7, 7, 7, 0));
    }

    @Test
    void constantArmsAreAsTheNoiseSays() {
        MetricConfig config = Settings.config("m", List.of("g"), null);
        MetricResult result = judge(config, "10*60", "20*60", new Random(SEED));
        assertThat(result.finding().label()).isEqualTo(MetricLabel.HIGH);
        // of the means of 60 values with a deviation of 1e-5 of their level each, the ratio has one of 4e-6
        assertThat(result.finding().ratio()).isNotEqualTo(2.0).isCloseTo(2, within(2e-5));
        // what is shown is without the noise
        assertThat(result.baseline()).isEqualTo(new ArmStatistics(60, 10, 10, 10, 0));
        assertThat(result.canary()).isEqualTo(new ArmStatistics(60, 20, 20, 20, 0));
        assertThat(judge(config, "10*60", "20*60", new Random(SEED))).isEqualTo(result);
        assertThat(judge(config, "10*60", "20*60", new Random(SEED + 1))).isNotEqualTo(result);
    }

    /** One number for each value of both arms, those of the canary first. */
    @Test
    void theNoiseOfTheCanaryIsDrawnFirst() {
        var expected = new Random(SEED);
        double[] canary = {20 + expected.nextGaussian() * 20e-5, 20 + expected.nextGaussian() * 20e-5};
        double[] baseline = {-10 - expected.nextGaussian() * 10e-5};
        Arms arms = new Arms(new double[] {-10}, new double[] {20, 20}).withNoise(1e-5, new Random(SEED));
        assertThat(arms.canary()).containsExactly(canary, within(1e-12));
        assertThat(arms.baseline()).containsExactly(baseline, within(1e-12));
    }

    @Test
    void constantValuesBelowZeroAreAsReversedAsOthers() {
        MetricConfig config = Settings.config("m", List.of("g"), null);
        assertThat(judge(config, "-20*60", "-10*60", new Random(SEED)).finding().label())
                .isEqualTo(MetricLabel.PASS);
        assertThat(judge(config, "-10*60", "-20*60", new Random(SEED)).finding().label())
                .isEqualTo(MetricLabel.PASS);
    }

    @Test
    void theOrderOfPointsDoesNotMatter() {
        MetricConfig config = Settings.config("m", List.of("g"), null);
        var baseline = new ArrayList<>(Series.list("1..9 NaN 3..12 5*7"));
        var canary = new ArrayList<>(Series.list("4..20 NaN NaN 7*5"));
        Finding expected = judge(config, baseline, canary, NO_NOISE).finding();
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(baseline, new Random(SEED + i));
            Collections.shuffle(canary, new Random(SEED - i));
            Finding finding = judge(config, baseline, canary, NO_NOISE).finding();
            assertThat(finding.label()).isEqualTo(expected.label());
            assertRatio(finding.ratio(), expected.ratio());
        }
    }

    private static void assertRatio(@Nullable Double actual, @Nullable Double expected) {
        if (actual == null || expected == null || expected.isNaN()) {
            assertThat(actual).isEqualTo(expected);
        } else {
            assertThat(actual).isCloseTo(expected, within(1e-10));
        }
    }

    private static MetricResult judge(MetricConfig config, String baseline, String canary, RandomGenerator noise) {
        return judge(config, Series.list(baseline), Series.list(canary), noise);
    }

    private static MetricResult judge(
            MetricConfig config, List<Double> baseline, List<Double> canary, RandomGenerator noise) {
        return new MetricJudge(config, noise).judge(new MetricPair(config.name(), baseline, canary));
    }
}
