package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.config;
import static dev.sluice.gateapi.callers.kayenta.Documents.members;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kayenta.MetricLabel;
import dev.sluice.kayenta.ScoreLabel;
import dev.sluice.kayenta.Thresholds;
import dev.sluice.wire.CanaryConfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SluiceJudgeTest {
    private static final int STEPS = 60;
    private static final Thresholds THRESHOLDS = new Thresholds(95, 75);
    private static final String CONFIG = """
            {'judge': {'name': 'Sluice-v1', 'judgeConfigurations': {}},
             'metrics': [
               {'name': 'errors', 'groups': ['g'], 'analysisConfigurations': {
                 'sluice': {'kind': 'ratio', 'exposure_metric': 'requests', 'tolerance': 0.1, 'margin': {'relative': 0.5, 'absolute': 0.01}},
                 'canary': {'direction': 'increase', 'nanStrategy': 'replace', 'critical': true}}},
               {'name': 'requests', 'groups': ['g'], 'analysisConfigurations': {'sluice': {'kind': 'exposure'}}}]}""";

    private final Judges judges = new Judges(CanaryConfigs.load());

    @Test
    void provenGoodIsAPass() {
        Judgement found = judge(CONFIG, pair("errors", "10", "10"), pair("requests", "1000", "1000"));

        assertThat(found.judge()).isEqualTo("Sluice-v1");
        assertThat(found.label()).isEqualTo(ScoreLabel.PASS);
        assertThat(found.score()).isEqualTo(100);
        assertThat(found.reason()).startsWith("Successful");
        assertThat(found.groups()).containsExactly(new Judgement.Group("g", 100));
        assertThat(found.metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.label()).isEqualTo(MetricLabel.PASS);
            assertThat(metric.baseline().count()).isEqualTo(STEPS);
            assertThat(metric.ratio()).isEqualTo(1);
        });
    }

    @Test
    void provenBadIsAFailure() {
        Judgement found = judge(CONFIG, pair("errors", "10", "30"), pair("requests", "1000", "1000"));

        assertThat(found.label()).isEqualTo(ScoreLabel.FAIL);
        assertThat(found.score()).isZero();
        assertThat(found.metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.label()).isEqualTo(MetricLabel.HIGH);
            assertThat(metric.critical()).isTrue();
        });
    }

    /** As many errors as a test of ranks of minutes does not see. */
    @Test
    void rareErrorsWhereTheBaselineHasNoneAreAFailure() {
        String rare = IntStream.range(0, STEPS)
                .mapToObj(i -> i % 3 == 0 ? "1" : "'NaN'")
                .collect(Collectors.joining(","));

        Judgement found = judge(
                CONFIG,
                "{'name': 'errors', 'values': {'control': [" + repeated("'NaN'") + "], 'experiment': [" + rare + "]}}",
                pair("requests", "1000", "1000"));

        assertThat(found.label()).isEqualTo(ScoreLabel.FAIL);
    }

    @Test
    void whatIsNotDecidedIsNoPass_andEndsNoEarlierLook() {
        Judgement found = judge(CONFIG, pair("errors", "0", "0"), pair("requests", "2", "2"));

        assertThat(found.label()).isEqualTo(ScoreLabel.MARGINAL);
        assertThat(found.score()).isEqualTo(85);
        assertThat(found.metrics()).extracting(Judgement.Metric::label).containsExactly(MetricLabel.NODATA);
    }

    @Test
    void noDataAtAllIsAFailure() {
        Judgement found = judge(CONFIG, pair("errors", "'NaN'", "'NaN'"), pair("requests", "'NaN'", "'NaN'"));

        assertThat(found.label()).isEqualTo(ScoreLabel.FAIL);
        assertThat(found.score()).isZero();
        assertThat(found.reason()).startsWith("Inconclusive");
    }

    @Test
    void gaugesAloneProveNothing() {
        Judgement found = judge(
                "{'judge': {'name': 'Sluice-v1'}, 'metrics': [{'name': 'cpu', 'groups': ['g']}]}",
                pair("cpu", "1.5", "1.6"));

        assertThat(found.label()).isNotEqualTo(ScoreLabel.PASS);
    }

    /** As in Kayenta, where the config does not say which change is bad. */
    @Test
    void withoutADirectionLessIsBad_too() {
        String config = CONFIG.replace("'direction': 'increase', ", "");

        Judgement found = judge(config, pair("errors", "990", "800"), pair("requests", "1000", "1000"));

        assertThat(found.label()).isEqualTo(ScoreLabel.FAIL);
        assertThat(found.metrics())
                .singleElement()
                .extracting(Judgement.Metric::label)
                .isEqualTo(MetricLabel.LOW);
        assertThat(judge(CONFIG, pair("errors", "990", "800"), pair("requests", "1000", "1000"))
                        .label())
                .isNotEqualTo(ScoreLabel.FAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'critical': true", "'mustHaveData': true"})
    void aGaugeThatIsToDecideIsA400(String flag) {
        String latency = ", {'name': 'latency', 'analysisConfigurations': {'canary': {%s, 'muted': %s}}}]}";

        assertThatThrownBy(() -> judge(with(latency.formatted(flag, false)), pair("errors", "1", "1")))
                .hasMessageStartingWith("metric latency: a gauge decides nothing here");
        assertThat(judge(
                                with(latency.formatted(flag, true)),
                                pair("errors", "10", "10"),
                                pair("requests", "1000", "1000"))
                        .label())
                .isEqualTo(ScoreLabel.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'g': 100, 'h': 60", "'g': -50, 'h': 150", "'other': 101"})
    void weightsByWhichAFailedGroupPassesAreA400_byKayentasJudge(String weights) {
        String config = "{'classifier': {'groupWeights': {%s}}, 'metrics': [{'name': 'errors', 'groups': ['g']}]}"
                .formatted(weights);

        assertThatThrownBy(() -> judge(config, pair("errors", "10", "30")))
                .hasMessageStartingWith("classifier.groupWeights must be from 0 and together at most 100");
    }

    @Test
    void aMetricWithoutValuesIsA400() {
        String slow =
                ", {'name': 'slow', 'analysisConfigurations': {'sluice': {'kind': 'ratio', 'exposure_metric': 'requests'}}}]}";

        assertThatThrownBy(() -> judge(with(slow), pair("errors", "10", "10"), pair("requests", "1000", "1000")))
                .hasMessage("there are no values of slow");
    }

    private static String with(String metric) {
        return CONFIG.substring(0, CONFIG.length() - "]}".length()) + metric;
    }

    @Test
    void theConfigOfTheGuideIsTaken_andJudgesSo() throws IOException {
        String guide = Files.readString(Path.of(System.getProperty("sluice.root"), "docs", "guides", "kayenta.md"));
        String config = guide.substring(guide.indexOf("{\"judge\": {\"name\": \"Sluice-v1\""));
        config = config.substring(0, config.indexOf("```"));

        assertThat(judge(config, pair("errors", "10", "10"), pair("requests", "1000", "1000"))
                        .label())
                .isEqualTo(ScoreLabel.PASS);
        assertThat(judge(config, pair("errors", "10", "30"), pair("requests", "1000", "1000"))
                        .label())
                .isEqualTo(ScoreLabel.FAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "95, 75, 85",
        "75, 50, 62",
        "94, 94, 93",
        "95, 94, 94",
        "1, 0, 0",
        "0, 0, 0",
        "50, 90, 49",
        "99.5, 99, 99"
    })
    void undecidedIsBelowAPass(double pass, double marginal, double score) {
        assertThat(SluiceJudge.between(new Thresholds(pass, marginal))).isEqualTo(score);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'kind': 'ratio'} | metrics[0].analysisConfigurations.sluice.exposure_metric is required",
                "{'kind': 'ratio', 'exposure_metric': 'other'} | metric errors is counted against other, which the config does not have",
                "{'kind': 'histogram'} | metric errors: points of this judge are of the kind gauge, ratio or exposure",
                "{'kind': 'gauge', 'unknown': 1} | unknown",
                "{'kind': 'exposure'} | the canary config has no metric that is judged",
            })
    void otherConfigsAreA400(String said, String message) {
        String config =
                "{'judge': {'name': 'Sluice-v1'}, 'metrics': [{'name': 'errors', 'analysisConfigurations': {'sluice': "
                        + said + "}}]}";

        assertThatThrownBy(() -> judge(config, pair("errors", "1", "1"))).hasMessageContaining(message);
    }

    @Test
    void otherValuesAreA400() {
        assertThatThrownBy(() -> judge(CONFIG, pair("other", "1", "1")))
                .hasMessage("there are values of a metric that the config does not have: other");
        assertThatThrownBy(() -> judge(CONFIG, pair("errors", "1", "1")))
                .hasMessage("there are no values of requests with the tags of errors");
        assertThatThrownBy(() -> judge(CONFIG, pair("errors", "-1", "1"), pair("requests", "5", "5")))
                .hasMessageStartingWith("metric errors: baselineEvents must be from 0");
        assertThatThrownBy(() -> judge(CONFIG)).hasMessage("there are no values that are judged");
    }

    private Judgement judge(String config, String... pairs) {
        return judges.judge(
                config(config),
                THRESHOLDS,
                List.of(pairs).stream()
                        .map(pair -> MetricSetPair.read(members(pair)))
                        .toList());
    }

    private static String pair(String name, String baseline, String canary) {
        return "{'name': '%s', 'values': {'control': [%s], 'experiment': [%s]}}"
                .formatted(name, repeated(baseline), repeated(canary));
    }

    private static String repeated(String value) {
        return String.join(",", Collections.nCopies(STEPS, value));
    }
}
