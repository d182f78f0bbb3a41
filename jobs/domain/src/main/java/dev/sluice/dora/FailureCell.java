package dev.sluice.dora;

import dev.sluice.delivery.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What one day (UTC), or a part of one, adds to change fail rate and failed deployment recovery time.
 *
 * @param counted deployments that ended in it and that change fail rate counts
 * @param failed those that failed
 * @param linkedByTime those that failed by the time of an incident alone
 * @param failedWithinDay those that would have failed with a link window of 24 h
 * @param failedWithinThreeDays with one of 72 h
 * @param failedWithinWeek with one of 7 days
 * @param lastCounted the end of the last one that counts, in milliseconds since the epoch; {@link Long#MIN_VALUE} for none
 * @param unattributed incidents that began in it and belong to no deployment
 * @param notChangeCaused incidents that began in it and that no change caused
 * @param clockSkew recoveries in it that end before they begin
 * @param recoveries times from the start of the impact to the recovery, of those that were recovered from in it
 * @param lifetimes times from the end of the failed deployment to the recovery, of those
 * @param incidents times from the start to the resolution of the incidents that were resolved in it
 */
public record FailureCell(
        int counted,
        int failed,
        int linkedByTime,
        int failedWithinDay,
        int failedWithinThreeDays,
        int failedWithinWeek,
        long lastCounted,
        int unattributed,
        int notChangeCaused,
        int clockSkew,
        long[] recoveries,
        long[] lifetimes,
        long[] incidents) {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration THREE_DAYS = Duration.ofDays(3);

    /** What a day or a part of it holds, each in order. */
    record Contents(
            List<AttemptRow> ended,
            List<AttemptRow> restored,
            List<IncidentJudgement> started,
            List<Incident> resolved) {}

    static FailureCell of(Contents contents, Duration linkWindow) {
        var sums = new Sums(linkWindow);
        contents.ended().forEach(sums::ended);
        contents.restored().forEach(sums::restored);
        contents.started().forEach(sums::started);
        contents.resolved().forEach(sums::resolved);
        return sums.cell();
    }

    private static final class Sums {
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

        Sums(Duration linkWindow) {
            this.linkWindow = linkWindow;
        }

        void ended(AttemptRow row) {
            if (!row.failRateCounted()) {
                return;
            }
            counted++;
            lastCounted = Math.max(lastCounted, row.finishedAt().toEpochMilli());
            Failure failure = row.failure();
            if (failure != null) {
                boolean fails = failure.within(linkWindow);
                failed += fails ? 1 : 0;
                linkedByTime += fails && failure.rules().isEmpty() ? 1 : 0;
                failedWithinDay += failure.within(DAY) ? 1 : 0;
                failedWithinThreeDays += failure.within(THREE_DAYS) ? 1 : 0;
                failedWithinWeek += failure.within(ServiceEnvironment.WEEK) ? 1 : 0;
            }
        }

        void restored(AttemptRow row) {
            Failure failure = Objects.requireNonNull(row.failure());
            long recovery = Objects.requireNonNull(failure.recoveryMs());
            long lifetime = Objects.requireNonNull(failure.lifetimeMs(row.finishedAt()));
            if (recovery < 0) {
                clockSkew++;
            } else {
                recoveries.add(recovery);
            }
            if (lifetime >= 0) {
                lifetimes.add(lifetime);
            }
        }

        void started(IncidentJudgement judged) {
            unattributed += judged.isUnattributed() ? 1 : 0;
            notChangeCaused += judged.reason() == IncidentJudgement.Reason.NOT_CHANGE_CAUSED ? 1 : 0;
        }

        void resolved(Incident incident) {
            Instant resolvedAt = Objects.requireNonNull(incident.resolvedAt());
            if (!resolvedAt.isBefore(incident.startedAt())) {
                incidents.add(Duration.between(incident.startedAt(), resolvedAt).toMillis());
            }
        }

        FailureCell cell() {
            return new FailureCell(
                    counted,
                    failed,
                    linkedByTime,
                    failedWithinDay,
                    failedWithinThreeDays,
                    failedWithinWeek,
                    lastCounted,
                    unattributed,
                    notChangeCaused,
                    clockSkew,
                    recoveries.values(),
                    lifetimes.values(),
                    incidents.values());
        }
    }
}
