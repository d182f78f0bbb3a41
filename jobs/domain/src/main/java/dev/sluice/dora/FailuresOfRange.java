package dev.sluice.dora;

import dev.sluice.dora.DeliveryMetrics.ChangeFailRate;
import dev.sluice.dora.DeliveryMetrics.FailedDeploymentRecoveryTime;
import dev.sluice.statistics.ConfidenceIntervals;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Adds up what the days of one range of time say of failures and recoveries. */
final class FailuresOfRange {
    private final Duration linkWindow;
    private final Sample recoveries = new Sample();
    private final Sample lifetimes = new Sample();
    private final Sample incidents = new Sample();
    private int counted;
    private int failed;
    private int linkedByTime;
    private int failedWithinDay;
    private int failedWithinThreeDays;
    private int failedWithinWeek;
    private long lastCounted = Long.MIN_VALUE;
    private int unattributed;
    private int notChangeCaused;
    private int clockSkew;

    FailuresOfRange(Duration linkWindow) {
        this.linkWindow = linkWindow;
    }

    void add(FailureCell day) {
        counted += day.counted();
        failed += day.failed();
        linkedByTime += day.linkedByTime();
        failedWithinDay += day.failedWithinDay();
        failedWithinThreeDays += day.failedWithinThreeDays();
        failedWithinWeek += day.failedWithinWeek();
        lastCounted = Math.max(lastCounted, day.lastCounted());
        unattributed += day.unattributed();
        notChangeCaused += day.notChangeCaused();
        clockSkew += day.clockSkew();
        recoveries.addAll(day.recoveries());
        lifetimes.addAll(day.lifetimes());
        incidents.addAll(day.incidents());
    }

    ChangeFailRate failRate() {
        return new ChangeFailRate(
                counted,
                counted == 0 ? null : failed / (double) counted,
                ConfidenceIntervals.ofRate(failed, counted),
                failed,
                linkedByTime,
                failedWithinDay,
                failedWithinThreeDays,
                failedWithinWeek,
                unattributed,
                notChangeCaused,
                provisionalUntil(),
                counted == 0 ? "no_deployments" : null);
    }

    private @Nullable Instant provisionalUntil() {
        return counted == 0 ? null : Instant.ofEpochMilli(lastCounted).plus(linkWindow);
    }

    FailedDeploymentRecoveryTime recoveryTime() {
        int n = recoveries.count();
        return new FailedDeploymentRecoveryTime(
                n,
                recoveries.median(),
                recoveries.medianInterval(),
                recoveries.p90(),
                recoveries.mean(),
                clockSkew,
                lifetimes.count(),
                lifetimes.median(),
                incidents.count(),
                incidents.median(),
                n == 0 ? "no_recoveries" : null);
    }
}
