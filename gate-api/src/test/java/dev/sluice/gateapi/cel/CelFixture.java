package dev.sluice.gateapi.cel;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.EvaluationInput.Artifact;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Named instants and inputs for conditions. */
public final class CelFixture {
    /** A Sunday. */
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Long enough for a machine that is busy with other things. */
    static final CelLimits PATIENT = withDeadline(CelLimits.DEFAULT, Duration.ofSeconds(20));

    private CelFixture() {}

    static CelLimits withDeadline(CelLimits limits, Duration deadline) {
        return new CelLimits(
                limits.expressionSize(),
                limits.parseDepth(),
                limits.nodes(),
                limits.depth(),
                limits.nesting(),
                limits.iterations(),
                limits.regexSize(),
                deadline,
                limits.threads(),
                limits.waiting(),
                limits.readings(),
                limits.readingSize());
    }

    static CelLimits withoutLimitsOnLoops(CelLimits limits) {
        return new CelLimits(
                limits.expressionSize(),
                1_000,
                100_000,
                1_000,
                100,
                Integer.MAX_VALUE,
                limits.regexSize(),
                limits.deadline(),
                limits.threads(),
                limits.waiting(),
                limits.readings(),
                limits.readingSize());
    }

    /** Conditions that wait as long as a busy machine needs. */
    public static CelConditions patient() {
        return new CelConditions(PATIENT);
    }

    /** Version 2.0 is to replace 1.9; 19 of 20 attempts succeeded, and no lead time is known over 7 d. */
    public static EvaluationInput input() {
        return input(0.95, new Artifact("2.0", "sha256:1", "abc"), running("1.9"), Duration.ofSeconds(3));
    }

    /** The same with what a test is about. */
    public static EvaluationInput input(
            @Nullable Double successRate, Artifact artifact, @Nullable CurrentRow current, @Nullable Duration age) {
        return new EvaluationInput(
                "production", "checkout", "production", artifact, row(days -> successRate), current, age);
    }

    /** What has run for two days, with nothing wrong, and was never checked for drift. */
    public static CurrentRow running(String version) {
        return running(version, 0, 0, null);
    }

    /** The same with what is open for an hour, and as a check half an hour ago found it. */
    public static CurrentRow running(String version, int openFailures, int openIncidents, @Nullable Boolean drifted) {
        return new CurrentRow(
                "default",
                "checkout",
                "production",
                "d-1",
                version,
                "0a1b2c",
                null,
                NOW.minus(Duration.ofDays(2)),
                null,
                null,
                openFailures,
                openFailures == 0 ? null : NOW.minus(Duration.ofHours(1)),
                openIncidents,
                null,
                drifted,
                drifted == null ? null : NOW.minus(Duration.ofMinutes(30)),
                false,
                NOW);
    }

    /** The same with other success rates over 7 d and over longer windows. */
    public static EvaluationInput input(double week, double longer, Artifact artifact, @Nullable CurrentRow current) {
        return new EvaluationInput(
                "production",
                "checkout",
                "production",
                artifact,
                row(days -> days == 7 ? week : longer),
                current,
                Duration.ofSeconds(3));
    }

    static DoraRow row(IntFunction<@Nullable Double> successRate) {
        return new DoraRow(
                "default",
                "checkout",
                "production",
                "UTC",
                LocalDate.of(2026, 3, 1),
                IntStream.of(7, 30, 90)
                        .mapToObj(days -> new DoraRow.WindowMetrics(
                                days,
                                LocalDate.of(2026, 3, 1).minusDays(days - 1),
                                LocalDate.of(2026, 3, 1),
                                DeliveryMetrics.empty()
                                        .with(new DeliveryMetrics.DeploymentFrequency(
                                                12, 0.4, null, 9, 0, null, null, 10, 2, 1, 0))
                                        .with(
                                                days == 7
                                                        ? new DeliveryMetrics.ChangeLeadTime(
                                                                0, null, null, null, 0, 0, "NO_CHANGES")
                                                        : new DeliveryMetrics.ChangeLeadTime(
                                                                40, 26 * 3.6e6, null, 50 * 3.6e6, 0, 0, null))
                                        .with(new DeliveryMetrics.ChangeFailRate(
                                                16, 0.125, null, 2, 1, 1, 2, 3, 0, 0, NOW, null))
                                        .with(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                                                2, 45 * 6e4, null, 50 * 6e4, 45 * 6e4, 0, 2, 9e6, 3, 8e6, null))
                                        .with(new DeliveryMetrics.DeploymentSuccessRate(
                                                20, successRate.apply(days), null, 0, 0, 0, 0, 0, null))))
                        .toList(),
                false,
                NOW.minusSeconds(3));
    }
}
