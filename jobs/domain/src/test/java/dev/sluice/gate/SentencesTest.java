package dev.sluice.gate;

import static dev.sluice.gate.GateFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
    private static String sentence(GateMetric metric, Operator operator, double threshold, double value, int n) {
        return Sentences.comparison(metric, rule("r", Mode.ENFORCE, metric.wireName(), operator, threshold), value, n);
    }

    @Test
    void showsLeadTimesInWords() {
        assertThat(sentence(GateMetric.CHANGE_LEAD_TIME_MEDIAN, Operator.AT_MOST, 86_400, 183_600, 40))
                .isEqualTo("median change lead time over 30 d is 2 d 3 h of 40 changes; at most 1 d is required");
    }

    @Test
    void showsLeadTimesExactly_whereTheWordsWouldBeTheSame() {
        assertThat(sentence(GateMetric.CHANGE_LEAD_TIME_P90, Operator.LESS_THAN, 86_400, 86_400.5, 3))
                .contains("is 86400.5 s of 3 changes; less than 86400 s is required");
    }

    @Test
    void showsFrequencies() {
        assertThat(sentence(GateMetric.DEPLOYMENT_FREQUENCY, Operator.AT_LEAST, 1, 0.4333333, 13))
                .isEqualTo("deployment frequency over 30 d is 0.43 per day of 13 deployments;"
                        + " at least 1.00 per day is required");
        assertThat(sentence(GateMetric.DEPLOYMENT_FREQUENCY_COUNT, Operator.MORE_THAN, 20, 13, 13))
                .isEqualTo("deployment frequency over 30 d is 13; more than 20 is required");
    }

    @Test
    void namesWhatEachMetricIsMadeFrom() {
        assertThat(sentence(GateMetric.FAILED_DEPLOYMENT_RECOVERY_TIME_MEDIAN, Operator.AT_MOST, 3600, 5400, 2))
                .isEqualTo("median failed deployment recovery time over 30 d is 1 h 30 min of 2 recoveries;"
                        + " at most 1 h is required");
        assertThat(sentence(GateMetric.FAILED_DEPLOYMENT_RECOVERY_TIME_MEDIAN, Operator.AT_MOST, 3600, 5400, 1))
                .contains("of 1 recovery;");
        assertThat(sentence(GateMetric.CHANGE_FAIL_RATE, Operator.LESS_THAN, 0.15, 0.25, 20))
                .isEqualTo("change fail rate over 30 d is 0.25 of 20 deployments; less than 0.15 is required");
        assertThat(sentence(GateMetric.PULL_REQUEST_LEAD_TIME_MEDIAN, Operator.AT_MOST, 86_400, 90_000, 9))
                .isEqualTo("median pull request lead time over 30 d is 1 d 1 h of 9 pull requests;"
                        + " at most 1 d is required");
        assertThat(sentence(GateMetric.CONFIGURATION_DRIFT, Operator.AT_MOST, 0.01, 0.02, 288))
                .isEqualTo("configuration drift over 30 d is 0.02 of 288 checks; at most 0.01 is required");
    }

    @Test
    void addsDecimals_whereRoundingWouldHideTheDifference() {
        assertThat(sentence(GateMetric.DEPLOYMENT_SUCCESS_RATE, Operator.AT_LEAST, 0.8, 0.7998, 5000))
                .contains("is 0.7998 of 5000 attempts; at least 0.8000 is required");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, has no attempts behind it; at least 1 is needed",
        "0, 5, has no attempts behind it; at least 5 are needed",
        "1, 5, has only 1 attempt behind it; at least 5 are needed",
        "2, 5, has only 2 attempts behind it; at least 5 are needed"
    })
    void tellsHowManyObservationsAreMissing(int n, int minimum, String words) {
        var rule = new ThresholdRule(
                "r", Mode.ENFORCE, "deployment_success_rate", 30, Operator.AT_LEAST, 0.8, minimum, Outcome.DENY);

        assertThat(Sentences.tooFew(GateMetric.DEPLOYMENT_SUCCESS_RATE, rule, n))
                .isEqualTo("deployment success rate over 30 d " + words);
    }

    @Test
    void oneObservation_isInTheSingular() {
        assertThat(sentence(GateMetric.DEPLOYMENT_SUCCESS_RATE, Operator.AT_LEAST, 0.8, 1, 1))
                .contains("is 1.00 of 1 attempt; at least");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT1.25S, 1.25 s",
        "PT60S, 1 min",
        "PT61S, 1 min 1 s",
        "PT1H59S, 1 h",
        "PT25H, 1 d 1 h",
        "PT-2M, -2 min"
    })
    void writesDurations(Duration duration, String words) {
        assertThat(Sentences.duration(duration)).isEqualTo(words);
    }
}
