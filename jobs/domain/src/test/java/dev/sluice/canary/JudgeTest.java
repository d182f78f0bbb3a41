package dev.sluice.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.statistics.Interval;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant NOW = START.plusSeconds(600);
    private static final MetricConfig A = MetricConfig.Ratio.of("a");
    private static final MetricConfig B = MetricConfig.Ratio.of("b");
    private static final MetricConfig GAUGE = MetricConfig.Gauge.of("gauge");

    @Test
    void ofTwoKindsEachHasItsPartOfAlpha() {
        // 0.8 of 1 % for ratios: 1/0.008 = 125; 0.2 of it for gauges: 1/0.002 = 500
        assertThat(isEnd(reading(A, Math.log(124)), reading(GAUGE, 0))).isFalse();
        assertThat(isEnd(reading(A, Math.log(126)), reading(GAUGE, 0))).isTrue();
        assertThat(isEnd(reading(A, 0), reading(GAUGE, Math.log(499)))).isFalse();
        assertThat(isEnd(reading(A, 0), reading(GAUGE, Math.log(501)))).isTrue();
        assertThat(isEnd(reading(A, Math.log(101)))).isTrue();
        assertThat(isEnd(reading(GAUGE, Math.log(99)))).isFalse();
        assertThat(isEnd(reading(GAUGE, Math.log(101)))).isTrue();
    }

    @Test
    void gaugesAreNotAddedUp() {
        MetricConfig other = MetricConfig.Gauge.of("other");
        // each has half of the weight: 2 * 100 is needed of one, and two that are almost there are none
        assertThat(isEnd(reading(GAUGE, Math.log(199)), reading(other, Math.log(199))))
                .isFalse();
        assertThat(isEnd(reading(GAUGE, Math.log(201)), reading(other, 0))).isTrue();
        // ratios are: their mean counts
        assertThat(isEnd(reading(A, Math.log(101)), reading(B, Math.log(101)))).isTrue();
        assertThat(isEnd(reading(A, Math.log(199)), reading(B, Double.NEGATIVE_INFINITY)))
                .isFalse();
        assertThat(isEnd(reading(A, Math.log(201)), reading(B, Double.NEGATIVE_INFINITY)))
                .isTrue();
    }

    @Test
    void aCriticalMetricWeighsMore() {
        MetricConfig.Ratio ratio = MetricConfig.Ratio.of("critical");
        var critical = new MetricConfig.Ratio(
                "critical",
                ratio.direction(),
                ratio.tolerance(),
                ratio.margin(),
                new Standing(Standing.CRITICAL, true),
                ratio.exposure());
        assertThat(isEnd(reading(critical, Math.log(126)), reading(B, Double.NEGATIVE_INFINITY)))
                .isTrue();
        assertThat(isEnd(reading(critical, Math.log(124)), reading(B, Double.NEGATIVE_INFINITY)))
                .isFalse();
    }

    /** E = (151 + 150 + 10) / 3 = 103.7, but with the last one alone each of the others is below 100. */
    @Test
    void withoutACulpritTheLargestContributorIsNamed() {
        MetricConfig c = MetricConfig.Ratio.of("c");
        List<MetricReading> readings =
                List.of(reading(A, Math.log(151)), reading(B, Math.log(150)), reading(c, Math.log(10)));
        CanaryVerdict verdict = judge(readings).end(readings, NOW);
        assertThat(verdict.state()).isEqualTo(CanaryState.FAILED);
        assertThat(verdict.reasons().get(0)).startsWith("all metrics together: e = 104, needed 100");
        assertThat(verdict.reasons().get(1)).startsWith("largest contributor (not individually significant): a");
        assertThat(verdict.metrics()).noneMatch(metric -> metric.state() == CanaryState.FAILED);
    }

    @Test
    void aGaugeIsNoContributorToTheMean() {
        MetricConfig c = MetricConfig.Ratio.of("c");
        List<MetricReading> readings = List.of(
                reading(A, Math.log(181)),
                reading(B, Math.log(180)),
                reading(c, Math.log(20)),
                reading(GAUGE, Math.log(400)));
        assertThat(judge(readings).isEnd(evidence(readings))).isTrue();
        CanaryVerdict verdict = judge(readings).end(readings, NOW);
        assertThat(verdict.reasons().get(1)).startsWith("largest contributor (not individually significant): a");
    }

    @Test
    void whatIsNotANumberEndsARunOnlyWhereItIsNeeded() {
        List<MetricReading> needed = List.of(reading(A, Double.NaN), reading(B, 0));
        assertThat(judge(needed).isEnd(evidence(needed))).isTrue();
        CanaryVerdict verdict = judge(needed).end(needed, NOW);
        assertThat(verdict.state()).isEqualTo(CanaryState.ERROR);
        assertThat(verdict.reasons().get(0)).contains("the evidence of a is not a number");
        assertThat(verdict.metrics().get(0).state()).isEqualTo(CanaryState.ERROR);
        MetricConfig.Ratio ratio = MetricConfig.Ratio.of("advisory");
        var advisory = new MetricConfig.Ratio(
                "advisory", ratio.direction(), ratio.tolerance(), ratio.margin(), Standing.ADVISORY, ratio.exposure());
        List<MetricReading> beside = List.of(reading(advisory, Double.NaN), reading(B, 0));
        assertThat(judge(beside).isEnd(evidence(beside))).isFalse();
        CanaryVerdict standing = judge(beside).standing(beside, START, START, NOW);
        assertThat(standing.state()).isEqualTo(CanaryState.SUCCESSFUL);
        assertThat(standing.metrics().get(0).state()).isEqualTo(CanaryState.ERROR);
    }

    private static boolean isEnd(MetricReading... readings) {
        return judge(List.of(readings)).isEnd(evidence(List.of(readings)));
    }

    private static List<LogEvidence> evidence(List<MetricReading> readings) {
        return readings.stream().map(MetricReading::evidence).toList();
    }

    private static Judge judge(List<MetricReading> readings) {
        return new Judge(
                CanaryConfig.of(readings.stream().map(MetricReading::metric).toList()));
    }

    private static MetricReading reading(MetricConfig metric, double fail) {
        return new MetricReading(
                new LogEvidence(metric, true, fail, 10),
                null,
                null,
                1.5,
                new Interval(1, 2),
                new ArmCounts(1000, 10.0),
                new ArmCounts(1000, 15.0),
                20,
                1000,
                NOW,
                null,
                "found",
                List.of());
    }
}
