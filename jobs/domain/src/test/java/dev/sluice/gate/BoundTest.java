package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.statistics.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundTest {
    private static RuleResult judged(Bound bound, Operator operator, double threshold, Measurement measured) {
        var rule = new ThresholdRule(
                "rate",
                Mode.ENFORCE,
                "deployment_success_rate",
                30,
                bound,
                operator,
                threshold,
                1,
                Outcome.DENY,
                RuleTerms.DEFAULT);
        return new GateEvaluator((metric, days, row) -> measured)
                .evaluate(
                        List.of(GateFixture.policy(rule)),
                        Waivers.NONE,
                        GateFixture.input(GateFixture.row(18, 20), GateFixture.FRESH),
                        GateFixture.NOW)
                .results()
                .get(0);
    }

    private static Measurement measured(@Nullable Interval interval) {
        return new Measurement(0.9, 20, null, interval);
    }

    @ParameterizedTest
    @CsvSource({
        "VALUE, AT_LEAST, 0.9, ALLOW", "VALUE, AT_LEAST, 0.91, DENY",
        "LOWER, AT_LEAST, 0.7, ALLOW", "LOWER, AT_LEAST, 0.71, DENY",
        "UPPER, AT_MOST, 0.97, ALLOW", "UPPER, AT_MOST, 0.96, DENY",
    })
    void theEndThatTheRuleNamesIsHeldAgainstTheThreshold(
            Bound bound, Operator operator, double threshold, Outcome outcome) {
        RuleResult result = judged(bound, operator, threshold, measured(new Interval(0.7, 0.97)));

        assertThat(result.outcome()).as(result.reason()).isEqualTo(outcome);
    }

    @Test
    void saysWhichEnd_andShowsIt() {
        RuleResult result = judged(Bound.LOWER, Operator.AT_LEAST, 0.8, measured(new Interval(0.7, 0.97)));

        assertThat(result.reason())
                .isEqualTo("lower bound of deployment success rate over 30 d is 0.70 of 20 attempts;"
                        + " at least 0.80 is required");
        assertThat(result.value()).isEqualTo(0.7);
    }

    @Test
    void withoutAnIntervalTheMetricIsMissing() {
        RuleResult result = judged(Bound.LOWER, Operator.AT_LEAST, 0.1, measured(null));

        assertThat(result.outcome()).isEqualTo(Outcome.DENY);
        assertThat(result.code()).isEqualTo(ReasonCode.NO_DATA);
        assertThat(result.reason()).contains("too few observations");
    }

    @Test
    void eachMetricHasOneOrNone_asItSays() {
        for (GateMetric metric : GateMetric.values()) {
            Measurement measured = metric.in(GateFixture.withIntervals());

            assertThat(measured.interval() != null).as(metric.wireName()).isEqualTo(metric.hasInterval());
        }
        assertThat(GateMetric.CHANGE_LEAD_TIME_MEDIAN
                        .in(GateFixture.withIntervals())
                        .interval())
                .as("in seconds")
                .isEqualTo(new Interval(1, 2));
    }
}
