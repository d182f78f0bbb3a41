package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeFailRate;
import dev.sluice.dora.DeliveryMetrics.ConfigurationDrift;
import dev.sluice.dora.DeliveryMetrics.FailedDeploymentRecoveryTime;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.IncidentFact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what the stream says with what the oracle says. */
public final class OracleComparison {
    private static final Coverage COVERAGE = new Coverage();

    /** Of each metric at least one value in twenty must be there. */
    private static final double LEAST_SHARE = 0.05;

    private OracleComparison() {}

    /** Prints how much was compared in this process so far, and asserts that enough of it was there. */
    @SuppressWarnings("SystemOut") // the build's log is where one looks for it
    public static void assertEnoughWasCompared() {
        System.out.print(COVERAGE);
        assertThat(COVERAGE.shares())
                .as("%s", COVERAGE)
                .isNotEmpty()
                .allSatisfy((metric, share) -> assertThat(share).as(metric).isGreaterThan(LEAST_SHARE));
    }

    private static void count(DeliveryMetrics actual) {
        COVERAGE.count("deployment_frequency", actual.deploymentFrequency().medianGapMs());
        COVERAGE.count("change_lead_time", actual.changeLeadTime().medianMs());
        COVERAGE.count("pull_request_lead_time", actual.pullRequestLeadTime().medianMs());
        COVERAGE.count("change_fail_rate", actual.changeFailRate().value());
        COVERAGE.count(
                "failed_deployment_recovery_time",
                actual.failedDeploymentRecoveryTime().medianMs());
        COVERAGE.count("deployment_rework_rate", actual.deploymentReworkRate().value());
        COVERAGE.count("deployment_success_rate", actual.deploymentSuccessRate().value());
        COVERAGE.count("mean_time_to_deploy", actual.meanTimeToDeploy().meanMs());
        COVERAGE.count("configuration_drift", actual.configurationDrift().driftedShare());
    }

    /** Asserts that the metrics are the oracle's numbers: counts equal, quantiles to a microsecond. */
    public static void assertSame(String what, DeliveryMetrics actual, BatchOracle.Numbers expected) {
        count(actual);
        var frequency = actual.deploymentFrequency();
        var lead = actual.changeLeadTime();
        var success = actual.deploymentSuccessRate();
        var rework = actual.deploymentReworkRate();
        var time = actual.meanTimeToDeploy();
        assertThat(List.of(
                        frequency.count(),
                        frequency.forward() + frequency.config(),
                        frequency.deployDays(),
                        frequency.rollback(),
                        frequency.redeploy(),
                        lead.n(),
                        lead.clockSkew(),
                        lead.rangeIncomplete(),
                        success.success(),
                        success.failure(),
                        success.cancelled(),
                        success.skipped(),
                        success.timedOut(),
                        frequency.wholeWeeks(),
                        rework.n(),
                        rework.rework(),
                        time.n(),
                        time.withoutStart(),
                        time.queueN(),
                        time.successN()))
                .as(
                        "%s: count, forward+config, deploy days, rollbacks, redeploys, n, skew, incomplete, results,"
                                + " weeks, rework of, rework, times, without start, queued, to success",
                        what)
                .isEqualTo(List.of(
                        expected.deployments(),
                        expected.deployments(),
                        expected.deployDays(),
                        expected.rollbacks(),
                        expected.redeploys(),
                        expected.leadN(),
                        expected.clockSkew(),
                        expected.incomplete(),
                        expected.success(),
                        expected.failure(),
                        expected.cancelled(),
                        expected.skipped(),
                        expected.timedOut(),
                        expected.wholeWeeks(),
                        expected.reworkN(),
                        expected.rework(),
                        expected.deploying().n(),
                        expected.withoutStart(),
                        expected.queueing().n(),
                        expected.toSuccess().n()));
        assertThat(frequency.perDay()).as("%s: per day", what).isCloseTo(expected.perDay(), within(1e-12));
        assertClose(what + ": median", lead.medianMs(), expected.leadMedianMs());
        assertClose(what + ": p90", lead.p90Ms(), expected.leadP90Ms());
        assertClose(what + ": weeks", frequency.medianDeployDaysPerWeek(), expected.medianDeployDaysPerWeek());
        assertClose(what + ": gap", frequency.medianGapMs(), expected.medianGapMs());
        assertClose(what + ": mean time", time.meanMs(), expected.deploying().mean());
        assertClose(
                what + ": median time", time.medianMs(), expected.deploying().percentile(50));
        assertClose(what + ": p90 time", time.p90Ms(), expected.deploying().percentile(90));
        assertClose(what + ": queue", time.queueMedianMs(), expected.queueing().percentile(50));
        assertClose(
                what + ": to success",
                time.timeToSuccessMedianMs(),
                expected.toSuccess().percentile(50));
        assertClose(
                what + ": rework rate",
                rework.value(),
                expected.reworkN() == 0 ? null : expected.rework() / (double) expected.reworkN());
        IntervalChecks.assertRate(what + ": rework", rework.interval(), expected.rework(), expected.reworkN());
        IntervalChecks.assertRate(
                what + ": success", success.interval(), expected.success(), expected.success() + expected.failure());
        IntervalChecks.assertFrequency(
                what, frequency.perDayInterval(), expected.deployments(), expected.deployments() / expected.perDay());
        IntervalChecks.assertMedian(what + ": lead", lead.medianInterval(), expected.leadTimes());
        IntervalChecks.assertMedian(
                what + ": time", time.medianInterval(), expected.deploying().sorted());
        assertSame(what, actual.changeFailRate(), actual.failedDeploymentRecoveryTime(), expected.failures());
        PullRequestChecks.assertSame(what, actual.pullRequestLeadTime(), expected.pullRequests());
        int judged = expected.success() + expected.failure();
        assertClose(
                what + ": success rate", success.value(), judged == 0 ? null : expected.success() / (double) judged);
    }

    private static void assertSame(
            String what, ChangeFailRate rate, FailedDeploymentRecoveryTime recovery, FailureOracle.Numbers expected) {
        assertThat(List.of(
                        rate.n(),
                        rate.failed(),
                        rate.linkedByTime(),
                        rate.failedWithinDay(),
                        rate.failedWithinThreeDays(),
                        rate.failedWithinWeek(),
                        rate.unattributed(),
                        rate.notChangeCaused(),
                        recovery.n(),
                        recovery.clockSkew(),
                        recovery.lifetimeN(),
                        recovery.incidentN()))
                .as(
                        "%s: fail rate of, failed, by time, within 1, 3, 7 days, unattributed, not by a change, recovered,"
                                + " skew, lifetimes, incidents",
                        what)
                .isEqualTo(List.of(
                        expected.counted(),
                        expected.failed(),
                        expected.linkedByTime(),
                        expected.failedWithinDay(),
                        expected.failedWithinThreeDays(),
                        expected.failedWithinWeek(),
                        expected.unattributed(),
                        expected.notChangeCaused(),
                        expected.recoveries().size(),
                        expected.skew(),
                        expected.lifetimes().size(),
                        expected.incidents().size()));
        assertThat(rate.provisionalUntil()).as("%s: provisional", what).isEqualTo(expected.provisionalUntil());
        assertClose(
                what + ": fail rate",
                rate.value(),
                expected.counted() == 0 ? null : expected.failed() / (double) expected.counted());
        IntervalChecks.assertRate(what + ": fail rate", rate.interval(), expected.failed(), expected.counted());
        var recoveries = new BatchOracle.Times(expected.recoveries());
        assertClose(what + ": recovery", recovery.medianMs(), recoveries.percentile(50));
        assertClose(what + ": p90 recovery", recovery.p90Ms(), recoveries.percentile(90));
        assertClose(what + ": mean recovery", recovery.meanMs(), recoveries.mean());
        IntervalChecks.assertMedian(what + ": recovery", recovery.medianInterval(), expected.recoveries());
        assertClose(
                what + ": lifetime",
                recovery.lifetimeMedianMs(),
                new BatchOracle.Times(expected.lifetimes()).percentile(50));
        assertClose(
                what + ": incidents",
                recovery.incidentMedianMs(),
                new BatchOracle.Times(expected.incidents()).percentile(50));
    }

    /** Asserts that the metric is the oracle's numbers: times and counts equal, the others as exact as a double is. */
    public static void assertSame(String what, ConfigurationDrift actual, DriftOracle.Numbers expected) {
        long observed = expected.observedMs();
        List<Long> reconciled = expected.reconcileTimes();
        assertThat(List.of(
                        actual.observedMs(),
                        actual.driftedMs(),
                        actual.checks(),
                        actual.episodes(),
                        actual.reconcileN()))
                .as("%s: observed, drifted, checks, episodes, reconciled", what)
                .isEqualTo(List.of(
                        observed, expected.driftedMs(), expected.checks(), expected.episodes(), reconciled.size()));
        assertExact(
                what + ": share",
                actual.driftedShare(),
                observed == 0 ? null : expected.driftedMs() / (double) observed);
        assertExact(
                what + ": episodes per day",
                actual.episodesPerDay(),
                observed == 0 ? null : expected.episodes() * 86_400_000.0 / observed);
        assertClose(
                what + ": reconcile",
                actual.reconcileMedianMs(),
                BatchOracle.Times.of(reconciled.stream()).percentile(50));
        IntervalChecks.assertMedian(what + ": reconcile", actual.reconcileMedianInterval(), reconciled);
        assertThat(actual.reason())
                .as(what)
                .isEqualTo(observed > 0 ? null : expected.checks() == 0 ? "no_checks" : "nothing_observed");
    }

    /** Returns a fact as the oracle writes it. */
    public static String line(DriftEpisodeFact fact) {
        return String.join(
                " ",
                fact.resource(),
                fact.openedAt().toString(),
                fact.closedAt() == null ? "open" : fact.closedAt().toString(),
                Long.toString(fact.reconcileMs() == null ? -1 : fact.reconcileMs()),
                String.valueOf(fact.lastCheckAt()),
                Integer.toString(fact.checks()),
                fact.fingerprints().toString(),
                fact.detectors().toString());
    }

    /** Returns a fact as the oracle writes it. */
    public static String line(DeploymentFact fact) {
        return fact.id() + " " + fact.result() + " " + fact.kind() + " " + (fact.seed() ? "seed" : "-") + " "
                + fact.finishedAt() + " " + fact.commits();
    }

    /** Returns a fact as the oracle writes it. */
    public static String line(IncidentFact fact) {
        String verdict = fact.rule() != null ? "linked" : fact.changeCaused() ? "unattributed" : "not change caused";
        return fact.id() + " " + fact.startedAt() + " " + fact.resolvedAt() + " " + verdict;
    }

    private static void assertClose(String what, @Nullable Double actual, @Nullable Double expected) {
        if (expected == null || actual == null) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(1e-3));
        }
    }

    private static void assertExact(String what, @Nullable Double actual, @Nullable Double expected) {
        if (expected == null || actual == null) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(1e-12 * Math.max(1, expected)));
        }
    }
}
