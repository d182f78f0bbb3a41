package dev.sluice.gateapi.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeFailRate;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.store.SelfCheckReader.Recomputed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelfCheckTest {
    @Test
    void whatAddsUp_isNoDivergence() {
        assertThat(SelfCheck.compare(
                        period(),
                        Map.of(
                                "deployment_frequency", new Recomputed(30, 0.99),
                                "change_fail_rate", new Recomputed(30, 0.1))))
                .isEmpty();
    }

    @Test
    void anotherCountIsOne_andSoIsAnotherValue() {
        assertThat(SelfCheck.compare(
                        period(),
                        Map.of(
                                "deployment_frequency", new Recomputed(29, 0.97),
                                "change_fail_rate", new Recomputed(30, 0.1 + 1e-6))))
                .extracting(SelfCheck.Divergence::metric)
                .containsExactly("deployment_frequency", "change_fail_rate");
    }

    @Test
    void whatIsMissingOnOneSide_isOne() {
        assertThat(SelfCheck.compare(
                        period(),
                        Map.of(
                                "deployment_frequency", new Recomputed(30, 1),
                                "change_lead_time", new Recomputed(2, 1000))))
                .extracting(divergence -> divergence.metric() + " " + divergence.n() + " " + divergence.factsN())
                .containsExactly("change_lead_time 0 2", "change_fail_rate 30 0");
    }

    @Test
    void runsAtThreeEveryNight() {
        assertThat(SelfCheck.untilNext(Instant.parse("2026-03-01T02:59:00Z"))).isEqualTo(Duration.ofMinutes(1));
        assertThat(SelfCheck.untilNext(Instant.parse("2026-03-01T03:00:00Z"))).isEqualTo(Duration.ofDays(1));
        assertThat(SelfCheck.untilNext(Instant.parse("2026-03-01T23:00:00Z"))).isEqualTo(Duration.ofHours(4));
    }

    private static PeriodRow period() {
        DeliveryMetrics nothing = DeliveryMetrics.empty();
        return new PeriodRow(
                "default",
                "checkout",
                "production",
                "UTC",
                PeriodKind.MONTH,
                "2026-03",
                LocalDate.of(2026, 3, 1),
                LocalDate.of(2026, 4, 1),
                false,
                new DeliveryMetrics(
                        new DeploymentFrequency(30, 30 / 31.0, null, 20, 4, null, null, 30, 0, 0, 0),
                        nothing.changeLeadTime(),
                        nothing.pullRequestLeadTime(),
                        new ChangeFailRate(30, 0.1, null, 3, 0, 3, 3, 3, 0, 0, null, null),
                        nothing.failedDeploymentRecoveryTime(),
                        nothing.deploymentReworkRate(),
                        nothing.deploymentSuccessRate(),
                        nothing.meanTimeToDeploy(),
                        nothing.configurationDrift()),
                false,
                Instant.EPOCH);
    }
}
