package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds up the finished attempts of one range of time, and the changes that they brought. */
final class MetricsOfRange {
    private final Instant start;
    private final Instant end;
    private final Set<LocalDate> deployDays = new HashSet<>();
    private int forward;
    private int config;
    private int rollback;
    private int redeploy;
    private int success;
    private int failure;
    private int cancelled;
    private int skipped;
    private int timedOut;
    private int clockSkew;
    private int rangeIncomplete;
    private long[] leadTimes = new long[64];
    private int leadTimeCount;

    MetricsOfRange(Instant start, Instant end) {
        this.start = start;
        this.end = end;
    }

    boolean holds(AttemptRow row) {
        return !row.finishedAt().isBefore(start) && row.finishedAt().isBefore(end);
    }

    /**
     * Adds an attempt.
     *
     * @param contribution the attempt, in the range, and what it adds
     */
    void add(Contribution contribution) {
        AttemptRow row = contribution.row();
        switch (row.result()) {
            case SUCCESS -> success++;
            case FAILURE -> failure++;
            case CANCELLED -> cancelled++;
            case SKIPPED -> skipped++;
            case TIMED_OUT -> timedOut++;
            case IN_PROGRESS -> throw new IllegalArgumentException("not finished: " + row.id());
        }
        if (row.result() != AttemptResult.SUCCESS || row.kind() == null) {
            return;
        }
        switch (row.kind()) {
            case FORWARD -> forward++;
            case CONFIG -> config++;
            case ROLLBACK -> rollback++;
            case REDEPLOY -> redeploy++;
        }
        if (row.kind().isChange()) {
            deployDays.add(contribution.day());
        }
        if (!row.seed()) {
            clockSkew += contribution.clockSkew();
            rangeIncomplete += contribution.incomplete() ? 1 : 0;
            addLeadTimes(contribution.leadTimesMs());
        }
    }

    private void addLeadTimes(long[] millis) {
        if (leadTimeCount + millis.length > leadTimes.length) {
            leadTimes = Arrays.copyOf(leadTimes, Math.max(leadTimeCount * 2, leadTimeCount + millis.length));
        }
        System.arraycopy(millis, 0, leadTimes, leadTimeCount, millis.length);
        leadTimeCount += millis.length;
    }

    DeliveryMetrics metrics() {
        int count = forward + config;
        double days = Duration.between(start, end).toMillis()
                / (double) Duration.ofDays(1).toMillis();
        long[] sorted = Arrays.copyOf(leadTimes, leadTimeCount);
        Arrays.sort(sorted);
        int judged = success + failure;
        return new DeliveryMetrics(
                new DeploymentFrequency(count, count / days, deployDays.size(), forward, config, rollback, redeploy),
                new ChangeLeadTime(
                        sorted.length,
                        quantile(sorted, 0.5),
                        quantile(sorted, 0.9),
                        clockSkew,
                        rangeIncomplete,
                        sorted.length == 0 ? "no_changes" : null),
                new DeploymentSuccessRate(
                        judged,
                        judged == 0 ? null : success / (double) judged,
                        success,
                        failure,
                        cancelled,
                        skipped,
                        timedOut,
                        judged == 0 ? "no_attempts" : null));
    }

    private static @Nullable Double quantile(long[] sorted, double p) {
        return sorted.length == 0 ? null : Quantiles.type7(sorted, p);
    }
}
