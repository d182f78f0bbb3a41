package dev.sluice.gate;

import static dev.sluice.gate.GateFixture.NOW;
import static dev.sluice.gate.GateFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateMetricTest {
    @ParameterizedTest
    @CsvSource({
        "deployment_frequency, 0.4, 12",
        "deployment_frequency_count, 12, 12",
        "change_lead_time_median, 93600, 40",
        "change_lead_time_p90, 180000, 40",
        "pull_request_lead_time_median, 108000, 9",
        "change_fail_rate, 0.15384615384615385, 13",
        "failed_deployment_recovery_time_median, 2700, 2",
        "deployment_success_rate, 0.75, 20",
        "deployment_rework_rate, 0.25, 12",
        "mean_time_to_deploy, 90, 11",
        "configuration_drift, 0.125, 288"
    })
    void readsTheMetricInItsUnit(String name, double value, int n) {
        GateMetric metric = GateMetric.ofName(name).orElseThrow();

        assertThat(GateMetric.measure(metric, 30, row(15, 20))).isEqualTo(new Measurement(value, n, null));
    }

    @Test
    void knowsNoOtherNames() {
        assertThat(GateMetric.ofName("DEPLOYMENT_FREQUENCY")).isEmpty();
        assertThat(GateMetric.ofName("mttr")).isEmpty();
    }

    @Test
    void hasNoValueWithoutAttempts() {
        assertThat(GateMetric.measure(GateMetric.DEPLOYMENT_SUCCESS_RATE, 30, row(0, 0)))
                .isEqualTo(new Measurement(null, 0, "NO_ATTEMPTS"));
    }

    @Test
    void hasNoValueOfAnythingWhereNothingHappened() {
        DoraRow nothing = new DoraRow(
                "default",
                "checkout",
                "production",
                "UTC",
                LocalDate.of(2026, 3, 1),
                List.of(new DoraRow.WindowMetrics(
                        30, LocalDate.of(2026, 1, 31), LocalDate.of(2026, 3, 1), DeliveryMetrics.empty())),
                false,
                NOW);

        assertThat(EnumSet.complementOf(
                        EnumSet.of(GateMetric.DEPLOYMENT_FREQUENCY, GateMetric.DEPLOYMENT_FREQUENCY_COUNT)))
                .allSatisfy(metric -> {
                    Measurement measured = GateMetric.measure(metric, 30, nothing);
                    assertThat(measured.value()).as(metric.wireName()).isNull();
                    assertThat(measured.n()).as(metric.wireName()).isZero();
                    assertThat(measured.reason()).as(metric.wireName()).startsWith("no_");
                });
    }

    @Test
    void hasNoValueOverAWindowThatTheRowLacks() {
        assertThat(GateMetric.measure(GateMetric.DEPLOYMENT_FREQUENCY, 7, row(1, 1)))
                .isEqualTo(new Measurement(null, 0, "there is no window of 7 d"));
    }
}
