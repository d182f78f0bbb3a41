package dev.sluice.gate;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.statistics.Interval;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Named instants, policies and rows for tests of the gate. */
final class GateFixture {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration FRESH = Duration.ofSeconds(1);

    private GateFixture() {}

    static ThresholdRule successRateAtLeast(double threshold) {
        return rule("success", Mode.ENFORCE, "deployment_success_rate", Operator.AT_LEAST, threshold);
    }

    static ThresholdRule rule(String id, Mode mode, String metric, Operator operator, double threshold) {
        return new ThresholdRule(id, mode, metric, 30, operator, threshold, 5, Outcome.DENY);
    }

    static ThresholdRule withMode(ThresholdRule rule, Mode mode) {
        return new ThresholdRule(
                rule.id(),
                mode,
                rule.metric(),
                rule.windowDays(),
                rule.operator(),
                rule.threshold(),
                rule.minimumN(),
                rule.whenMissing());
    }

    static ThresholdRule whenMissing(ThresholdRule rule, Outcome outcome) {
        return new ThresholdRule(
                rule.id(),
                rule.mode(),
                rule.metric(),
                rule.windowDays(),
                rule.operator(),
                rule.threshold(),
                rule.minimumN(),
                outcome);
    }

    static Policy policy(Rule... rules) {
        return policy("default", Outcome.PENDING, rules);
    }

    static Policy policy(String name, Outcome staleOutcome, Rule... rules) {
        return new Policy(
                name,
                "1",
                "sha256:00",
                Set.of("production"),
                null,
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                staleOutcome,
                List.of(rules));
    }

    static EvaluationInput input(@Nullable DoraRow row, @Nullable Duration age) {
        return new EvaluationInput(
                "production", "checkout", "production", EvaluationInput.Artifact.UNKNOWN, row, null, age);
    }

    /** A row in which {@code success} of {@code n} attempts succeeded and changes took 26 h and 50 h. */
    static DoraRow row(int success, int n) {
        return row(n == 0 ? null : (double) success / n, n);
    }

    static DoraRow row(@Nullable Double successRate, int n) {
        return new DoraRow(
                "default",
                "checkout",
                "production",
                "UTC",
                LocalDate.of(2026, 3, 1),
                List.of(new DoraRow.WindowMetrics(
                        30,
                        LocalDate.of(2026, 1, 31),
                        LocalDate.of(2026, 3, 1),
                        DeliveryMetrics.empty()
                                .with(new DeliveryMetrics.DeploymentFrequency(
                                        12, 0.4, null, 9, 0, null, null, 10, 2, 1, 0))
                                .with(new DeliveryMetrics.ChangeLeadTime(40, 26 * 3.6e6, null, 50 * 3.6e6, 0, 0, null))
                                .with(new DeliveryMetrics.PullRequestLeadTime(
                                        9, 30 * 3.6e6, null, 60 * 3.6e6, 4.0, 1.0, 1.0, 1.0, 1.0, 0, 0, 0, null))
                                .with(new DeliveryMetrics.ChangeFailRate(
                                        13, 2 / 13.0, null, 2, 1, 1, 2, 3, 0, 0, NOW, null))
                                .with(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                                        2, 45 * 6e4, null, 50 * 6e4, 45 * 6e4, 0, 2, 9e6, 3, 8e6, null))
                                .with(new DeliveryMetrics.DeploymentSuccessRate(
                                        n, successRate, null, 0, 0, 0, 0, 0, n == 0 ? "NO_ATTEMPTS" : null))
                                .with(new DeliveryMetrics.DeploymentReworkRate(12, 0.25, null, 3, null))
                                .with(new DeliveryMetrics.MeanTimeToDeploy(
                                        11, 90_000.0, 80_000.0, null, null, 0, 0, null, 0, null, null))
                                .with(new DeliveryMetrics.ConfigurationDrift(
                                        1_000_000, 0.125, 125_000, 288, 2, 23.0, 1, 6e4, null, null)))),
                false,
                NOW.minusSeconds(3));
    }

    /** Metrics with all intervals that there are: 1 s to 2 s of durations, 0.1 to 0.2 of the others. */
    static DeliveryMetrics withIntervals() {
        var durations = new Interval(1_000, 2_000);
        var others = new Interval(0.1, 0.2);
        return DeliveryMetrics.empty()
                .with(new DeliveryMetrics.DeploymentFrequency(12, 0.4, others, 9, 0, null, null, 10, 2, 1, 0))
                .with(new DeliveryMetrics.ChangeLeadTime(40, 1_500.0, durations, 1_800.0, 0, 0, null))
                .with(new DeliveryMetrics.PullRequestLeadTime(
                        9, 1_500.0, durations, 1_800.0, 4.0, 1.0, 1.0, 1.0, 1.0, 0, 0, 0, null))
                .with(new DeliveryMetrics.ChangeFailRate(13, 0.15, others, 2, 1, 1, 2, 3, 0, 0, NOW, null))
                .with(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                        8, 1_500.0, durations, 1_800.0, 1_500.0, 0, 2, 9e6, 3, 8e6, null))
                .with(new DeliveryMetrics.DeploymentSuccessRate(20, 0.15, others, 0, 0, 0, 0, 0, null))
                .with(new DeliveryMetrics.DeploymentReworkRate(12, 0.15, others, 3, null));
    }
}
