package dev.sluice.gateapi.report.dora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelsTest {
    private static final double HOUR = 3.6e6;
    private static final double DAY = 24 * HOUR;

    private static Levels read(String content) {
        var problems = new Problems();
        Levels levels = read(content, problems);
        assertThat(problems.all()).isEmpty();
        return levels;
    }

    private static Levels read(String content, Problems problems) {
        return YamlMapping.read("report.yaml", content, problems)
                .map(root -> {
                    Levels levels = Levels.read(root);
                    root.rejectUnknownFields();
                    return levels;
                })
                .orElseThrow();
    }

    private static Optional<String> level(Levels levels, Metric metric, double lower, double upper) {
        return levels.of(metric, new Value(40, (lower + upper) / 2, lower, upper, null, false, null))
                .map(found -> found.level() + (found.derived() ? ", derived" : ""));
    }

    @Test
    void showsNoneUnlessOneIsAskedFor() {
        assertThat(level(Levels.none(), Metric.CHANGE_LEAD_TIME, HOUR, 2 * HOUR))
                .isEmpty();
        assertThat(level(read("editions: []"), Metric.CHANGE_LEAD_TIME, HOUR, 2 * HOUR))
                .isEmpty();
    }

    @Test
    void showsOneWhereTheWholeIntervalLiesInIt() {
        Levels levels = read("levels: '2024'");

        assertThat(level(levels, Metric.CHANGE_LEAD_TIME, HOUR, 23.9 * HOUR)).contains("elite");
        assertThat(level(levels, Metric.CHANGE_LEAD_TIME, DAY, 6.9 * DAY)).contains("high");
        assertThat(level(levels, Metric.CHANGE_LEAD_TIME, 0.9 * DAY, 6.9 * DAY)).isEmpty();
        assertThat(level(levels, Metric.CHANGE_LEAD_TIME, DAY, 7 * DAY)).isEmpty();
        assertThat(level(levels, Metric.CHANGE_LEAD_TIME, 200 * DAY, 300 * DAY)).isEmpty();
        assertThat(level(levels, Metric.DEPLOYMENT_FREQUENCY, 1, 1.5)).contains("elite, derived");
        assertThat(level(levels, Metric.DEPLOYMENT_FREQUENCY, 0.15, 0.9)).contains("high");
        assertThat(level(levels, Metric.CHANGE_FAIL_RATE, 0.01, 0.04)).isEmpty();
        assertThat(levels.of(Metric.CHANGE_LEAD_TIME, new Value(3, HOUR, null, null, null, true, null)))
                .isEmpty();
    }

    @Test
    void showsNoneWhereTwoHaveTheSameRange() {
        Levels levels = read("levels: '2019'");

        assertThat(level(levels, Metric.FAILED_DEPLOYMENT_RECOVERY_TIME, 600_000, 3_000_000))
                .contains("elite");
        assertThat(level(levels, Metric.FAILED_DEPLOYMENT_RECOVERY_TIME, 2 * HOUR, 3 * HOUR))
                .isEmpty();
        assertThat(level(levels, Metric.CHANGE_FAIL_RATE, 0.01, 0.04)).isEmpty();
        assertThat(level(levels, Metric.CHANGE_FAIL_RATE, 0.46, 0.6)).contains("low, derived");
    }

    @Test
    void takesEditionsOfOnesOwn() {
        Levels levels = read("""
                levels: ours
                editions:
                  - name: ours
                    source: us
                    metrics:
                      - metric: change_fail_rate
                        levels: [{level: good, below: 10%}]
                """);

        assertThat(level(levels, Metric.CHANGE_FAIL_RATE, 0.02, 0.09)).contains("good");
        assertThat(level(levels, Metric.CHANGE_FAIL_RATE, 0.02, 0.1)).isEmpty();
        assertThat(level(levels, Metric.CHANGE_LEAD_TIME, HOUR, HOUR)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "levels: '2023' | report.yaml:1:9: there is no edition 2023; there are 2019, 2021, 2024",
                "level: '2019' | report.yaml:1:1: unknown field level; known are levels, editions",
                "editions: [{name: a, source: b, metrics: [{metric: speed}]}] | report.yaml:1:52: metric must be the name"
                        + " of a metric of the report, is speed",
                "editions: [{name: a, source: b, metrics: [{metric: change_fail_rate, levels: [{level: x, below: 1}]}]}]"
                        + " | report.yaml:1:97: below must be a share such as 15%, is 1",
                "editions: [{name: a, source: b, metrics: [{metric: deployment_frequency, levels: [{level: x, from: 1/0d}]}]}]"
                        + " | report.yaml:1:100: from must be deployments in days such as 1/7d, is 1/0d",
                "editions: [{name: a, source: b, metrics: [{metric: change_lead_time, levels: [{level: x, from: 2d, below: 1d}]}]}]"
                        + " | report.yaml:1:107: below must be more than from"
            })
    void saysWhatIsWrong(String content, String problem) {
        var problems = new Problems();

        read(content, problems);

        assertThat(problems.all()).containsExactly(problem);
    }
}
