package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class NetflixAcaJudgeTest {
    private static final long SEED = 20261129;
    private static final Thresholds THRESHOLDS = new Thresholds(95, 75);
    /** Who is asked for noise where there should be none. */
    private static final RandomGenerator NO_NOISE = () -> {
        throw new AssertionError("noise where there should be none");
    };

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/kayenta/scores.psv", delimiter = '|', useHeadersInDisplayName = true)
    void score(
            String name,
            String metrics,
            @Nullable String weights,
            @Nullable String thresholds,
            double score,
            String label,
            @Nullable String groups,
            @Nullable String reason) {
        CanaryCase canary = CanaryCase.of(metrics);
        JudgeResult result = NetflixAcaJudge.judge(
                new JudgeConfig(canary.metrics(), numbers(weights)),
                thresholds(thresholds),
                canary.pairs(),
                new Random(SEED));
        assertThat(result.score()).isEqualTo(score);
        assertThat(result.label().word()).isEqualTo(label);
        assertThat(result.reason()).isEqualTo(reason);
        Map<String, Double> expected = numbers(groups);
        assertThat(result.groups()).extracting(GroupScore::name).containsExactlyInAnyOrderElementsOf(expected.keySet());
        for (GroupScore group : result.groups()) {
            assertThat(group.score()).as(group.name()).isCloseTo(expected.get(group.name()), within(1e-9));
        }
    }

    /** Reads numbers by name such as {@code a=50 b=50}. */
    private static Map<String, Double> numbers(@Nullable String text) {
        var numbers = new HashMap<String, Double>();
        for (String number : text == null ? List.<String>of() : List.of(text.split(" ", -1))) {
            String[] parts = number.split("=", -1);
            numbers.put(parts[0], Double.parseDouble(parts[1]));
        }
        return numbers;
    }

    private static Thresholds thresholds(@Nullable String text) {
        if (text == null) {
            return THRESHOLDS;
        }
        String[] passAndMarginal = text.split(" ", -1);
        return new Thresholds(Double.parseDouble(passAndMarginal[0]), Double.parseDouble(passAndMarginal[1]));
    }

    @ParameterizedTest
    @CsvSource({"95, PASS", "94.99, MARGINAL", "75, MARGINAL", "74.99, FAIL", "0, FAIL", "160, PASS", "NaN, FAIL"})
    void labelOfAScore(double score, ScoreLabel label) {
        assertThat(THRESHOLDS.label(score)).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, true",
                "a=60, true",
                "a=60 b=40, true",
                "a=33.34 b=33.33 c=33.33, true",
                "a=100.5, false",
                "a=100 b=60, false",
                "a=-50 b=150, false",
                "a=-1, false",
                "a=NaN, false",
                "a=Infinity, false"
            })
    void aScoreIsOfAllGroupsWhereTheWeightsAreBounded(@Nullable String weights, boolean isBounded) {
        assertThat(new JudgeConfig(List.of(), numbers(weights)).hasBoundedWeights())
                .isEqualTo(isBounded);
    }

    @Test
    void labelsAreSpeltAsKayentaSpellsThem() {
        assertThat(ScoreLabel.values())
                .extracting(ScoreLabel::word)
                .containsExactlyInAnyOrder("Pass", "Marginal", "Fail");
    }

    @Test
    void aConfigIsACopyOfWhatItIsMadeFrom() {
        var metrics = new ArrayList<>(List.of(Settings.config("m", List.of("g"), null)));
        Map<String, Double> weights = new HashMap<>(Map.of("g", 100.0));
        var config = new JudgeConfig(metrics, weights);
        metrics.clear();
        weights.clear();
        assertThat(config.metric("m")).isPresent();
        assertThat(config.groupWeights()).containsEntry("g", 100.0);
    }

    @Test
    void anUnknownMetricEndsAllOfIt() {
        var config = new JudgeConfig(List.of(Settings.config("known", List.of("g"), null)), Map.of());
        List<MetricPair> pairs = List.of(pair("known", "1..10", "1..10"), pair("ghost", "1..10", "1..10"));
        assertThatThrownBy(() -> NetflixAcaJudge.judge(config, THRESHOLDS, pairs, NO_NOISE))
                .isInstanceOf(UnknownMetricException.class)
                .hasMessageContaining("ghost");
    }

    @Test
    void aMetricOfTheConfigWithoutValuesIsNotMissed() {
        var config = new JudgeConfig(
                List.of(Settings.config("m", List.of("g"), null), Settings.config("other", List.of("h"), "critical")),
                Map.of());
        JudgeResult result = NetflixAcaJudge.judge(config, THRESHOLDS, List.of(pair("m", "1..10", "1..10")), NO_NOISE);
        assertThat(result.score()).isEqualTo(100);
        assertThat(result.metrics()).hasSize(1);
    }

    @Test
    void ofTwoConfigsOfOneNameTheFirstCounts() {
        var config = new JudgeConfig(
                List.of(
                        Settings.config("m", List.of("g"), "direction=decrease"),
                        Settings.config("m", List.of("g"), "direction=increase")),
                Map.of());
        JudgeResult result = NetflixAcaJudge.judge(config, THRESHOLDS, List.of(pair("m", "1..10", "11..20")), NO_NOISE);
        assertThat(result.label()).isEqualTo(ScoreLabel.PASS);
    }

    @Test
    void pairsOfOneMetricCountEach() {
        JudgeResult result = NetflixAcaJudge.judge(
                new JudgeConfig(List.of(Settings.config("m", List.of("g"), null)), Map.of()),
                THRESHOLDS,
                List.of(
                        pair("m", "1..10", "1..10"),
                        pair("m", "1..10", "11..20"),
                        pair("m", "11..20", "1..10"),
                        pair("m", "1..9", "1..9")),
                NO_NOISE);
        assertThat(result.metrics())
                .extracting(metric -> metric.finding().label())
                .containsExactly(MetricLabel.PASS, MetricLabel.HIGH, MetricLabel.LOW, MetricLabel.PASS);
        assertThat(result.score()).isEqualTo(50);
    }

    @Test
    void aMutedMetricIsShown() {
        CanaryCase canary = CanaryCase.of("a:Pass a:High/muted/critical");
        JudgeResult result = NetflixAcaJudge.judge(
                new JudgeConfig(canary.metrics(), Map.of()), THRESHOLDS, canary.pairs(), NO_NOISE);
        MetricResult muted = result.metrics().get(1);
        assertThat(muted.config().isMuted()).isTrue();
        assertThat(muted.finding().label()).isEqualTo(MetricLabel.HIGH);
        assertThat(muted.finding().critical()).isTrue();
        assertThat(result.label()).isEqualTo(ScoreLabel.PASS);
    }

    @Test
    void groupsAreInTheOrderOfThePairs() {
        CanaryCase canary = CanaryCase.of("c:Pass a,b:High b:Pass c:High");
        JudgeResult result = NetflixAcaJudge.judge(
                new JudgeConfig(canary.metrics(), Map.of()), THRESHOLDS, canary.pairs(), NO_NOISE);
        assertThat(result.groups()).extracting(GroupScore::name).containsExactly("c", "a", "b");
    }

    private static MetricPair pair(String name, String baseline, String canary) {
        return new MetricPair(name, Series.list(baseline), Series.list(canary));
    }

    @Test
    void mayBeStoppedBeforeEachPair() {
        var config = new JudgeConfig(List.of(Settings.config("m", List.of("g"), null)), Map.of());
        List<MetricPair> pairs = List.of(pair("m", "1..10", "1..10"), pair("m", "1..9", "1..9"));
        var checks = new AtomicInteger();
        assertThatThrownBy(() -> NetflixAcaJudge.judge(config, THRESHOLDS, pairs, NO_NOISE, () -> {
                    if (checks.incrementAndGet() == 2) {
                        throw new IllegalStateException("late");
                    }
                }))
                .hasMessage("late");
    }
}
