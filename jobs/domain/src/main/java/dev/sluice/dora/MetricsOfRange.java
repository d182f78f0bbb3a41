package dev.sluice.dora;

import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentReworkRate;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import dev.sluice.dora.DeliveryMetrics.MeanTimeToDeploy;
import dev.sluice.statistics.ConfidenceIntervals;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds up the finished attempts of one range of time, in their order, and the changes that they brought. */
final class MetricsOfRange {
    private static final double MILLIS_PER_DAY = Duration.ofDays(1).toMillis();
    private static final int DAYS_PER_WEEK = 7;

    private final Instant start;
    private final Instant end;
    private final ZoneId zone;
    private final Set<Long> deployDays = new HashSet<>();
    private final Sample gaps = new Sample();
    private final Sample leadTimes = new Sample();
    private final Sample deployTimes = new Sample();
    private final Sample queueTimes = new Sample();
    private final Sample timesToSuccess = new Sample();
    private final FailuresOfRange failures;
    private final DriftOfRange drift = new DriftOfRange();
    private final PullRequestSums pullRequests = new PullRequestSums();
    private @Nullable Long lastChange;
    private int forward;
    private int config;
    private int rollback;
    private int redeploy;
    private int rework;
    private int success;
    private int failure;
    private int cancelled;
    private int skipped;
    private int timedOut;
    private int clockSkew;
    private int rangeIncomplete;
    private int withoutStart;

    MetricsOfRange(Instant start, Instant end, ServiceEnvironment series) {
        this.start = start;
        this.end = end;
        this.zone = series.zone();
        this.failures = new FailuresOfRange(series.linkWindow());
    }

    boolean holds(Instant moment) {
        return !moment.isBefore(start) && moment.isBefore(end);
    }

    /** Adds the attempts of a day, after the days that were added before. */
    void add(DayCell day) {
        success += day.success();
        failure += day.failure();
        cancelled += day.cancelled();
        skipped += day.skipped();
        timedOut += day.timedOut();
        forward += day.forward();
        config += day.config();
        rollback += day.rollback();
        redeploy += day.redeploy();
        rework += day.rework();
        clockSkew += day.clockSkew();
        rangeIncomplete += day.rangeIncomplete();
        withoutStart += day.withoutStart();
        for (long at : day.changeEnds()) {
            if (lastChange != null) {
                gaps.add(at - lastChange);
            }
            lastChange = at;
        }
        for (long changeDay : day.changeDays()) {
            deployDays.add(changeDay);
        }
        leadTimes.addAll(day.leadTimes());
        deployTimes.addAll(day.deployTimes());
        queueTimes.addAll(day.queueTimes());
        timesToSuccess.addAll(day.timesToSuccess());
        failures.add(day.failures());
        pullRequests.add(day.pullRequests());
    }

    /** Adds what checks for drift tell of a day. */
    void add(DriftCell day) {
        drift.add(day);
    }

    DeliveryMetrics metrics() {
        return new DeliveryMetrics(
                frequency(),
                leadTime(),
                pullRequests.metrics(),
                failures.failRate(),
                failures.recoveryTime(),
                reworkRate(),
                successRate(),
                timeToDeploy(),
                drift.metrics());
    }

    private DeploymentFrequency frequency() {
        int count = forward + config;
        double days = Duration.between(start, end).toMillis() / MILLIS_PER_DAY;
        var perWeek = new Sample();
        LocalDate last = LocalDate.ofInstant(end, zone);
        LocalDate monday = firstMonday();
        for (; !monday.plusDays(DAYS_PER_WEEK).isAfter(last); monday = monday.plusDays(DAYS_PER_WEEK)) {
            perWeek.add(monday.datesUntil(monday.plusDays(DAYS_PER_WEEK))
                    .filter(day -> deployDays.contains(day.toEpochDay()))
                    .count());
        }
        return new DeploymentFrequency(
                count,
                count / days,
                ConfidenceIntervals.ofFrequency(count, days),
                deployDays.size(),
                perWeek.count(),
                perWeek.median(),
                gaps.median(),
                forward,
                config,
                rollback,
                redeploy);
    }

    private LocalDate firstMonday() {
        LocalDate first = LocalDate.ofInstant(start, zone);
        LocalDate monday = PeriodKind.WEEK.startOf(first);
        return monday.equals(first) ? monday : monday.plusDays(DAYS_PER_WEEK);
    }

    private ChangeLeadTime leadTime() {
        return new ChangeLeadTime(
                leadTimes.count(),
                leadTimes.median(),
                leadTimes.medianInterval(),
                leadTimes.p90(),
                clockSkew,
                rangeIncomplete,
                leadTimes.count() == 0 ? "no_changes" : null);
    }

    private DeploymentReworkRate reworkRate() {
        int n = forward + config + rollback;
        return new DeploymentReworkRate(
                n,
                n == 0 ? null : rework / (double) n,
                ConfidenceIntervals.ofRate(rework, n),
                rework,
                n == 0 ? "no_deployments" : null);
    }

    private DeploymentSuccessRate successRate() {
        int n = success + failure;
        return new DeploymentSuccessRate(
                n,
                n == 0 ? null : success / (double) n,
                ConfidenceIntervals.ofRate(success, n),
                success,
                failure,
                cancelled,
                skipped,
                timedOut,
                n == 0 ? "no_attempts" : null);
    }

    private MeanTimeToDeploy timeToDeploy() {
        int n = deployTimes.count();
        String reason = success == 0 ? "no_deployments" : "no_start_known";
        return new MeanTimeToDeploy(
                n,
                deployTimes.mean(),
                deployTimes.median(),
                deployTimes.medianInterval(),
                deployTimes.p90(),
                withoutStart,
                queueTimes.count(),
                queueTimes.median(),
                timesToSuccess.count(),
                timesToSuccess.median(),
                n == 0 ? reason : null);
    }
}
