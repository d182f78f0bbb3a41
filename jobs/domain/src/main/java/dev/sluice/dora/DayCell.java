package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.Parentage;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the finished attempts of one day (UTC) add to the metrics of each range of time that holds the day as a whole:
 * counts and values, in the order of the attempts. Kept so that a range is the sum of its days, not of all that happened
 * in them.
 *
 * @param zone the zone of {@code changeDays}
 * @param success attempts that ended in SUCCESS
 * @param failure attempts that ended in FAILURE
 * @param cancelled attempts that ended in CANCELLED
 * @param skipped attempts that ended in SKIPPED
 * @param timedOut attempts that ended in TIMED_OUT
 * @param forward successes of kind FORWARD
 * @param config successes of kind CONFIG
 * @param rollback successes of kind ROLLBACK
 * @param redeploy successes of kind REDEPLOY
 * @param rework successes that are rework
 * @param clockSkew changes that were authored after their deployment had ended
 * @param rangeIncomplete deployments whose commits are not all known
 * @param withoutStart successes without a start before their end
 * @param changeEnds ends of the successes of kind FORWARD or CONFIG, in milliseconds since the epoch, ascending
 * @param changeDays the local days of those, in days since the epoch, ascending, each once
 * @param leadTimes lead times of the changes that count, in milliseconds
 * @param deployTimes times from start to end of the successes, in milliseconds
 * @param queueTimes times from acceptance to start of the successes, in milliseconds
 * @param timesToSuccess times from a version's first try to its first success, in milliseconds
 * @param pullRequests what the pull requests of the successes add
 * @param failures what the day adds to change fail rate and failed deployment recovery time
 */
public record DayCell(
        String zone,
        int success,
        int failure,
        int cancelled,
        int skipped,
        int timedOut,
        int forward,
        int config,
        int rollback,
        int redeploy,
        int rework,
        int clockSkew,
        int rangeIncomplete,
        int withoutStart,
        long[] changeEnds,
        long[] changeDays,
        long[] leadTimes,
        long[] deployTimes,
        long[] queueTimes,
        long[] timesToSuccess,
        PullRequestCell pullRequests,
        FailureCell failures) {
    public DayCell {
        requireNonNull(zone, "zone");
        requireNonNull(pullRequests, "pullRequests");
        requireNonNull(failures, "failures");
    }

    /**
     * Adds up attempts.
     *
     * @param zone the zone of the local days
     * @param rows the attempts, in their order
     * @param changes the commits that a deployment first brought, by its id
     * @param pullRequests the pull requests that a deployment first brought
     * @param failures what else happened in that time
     */
    static DayCell of(
            ZoneId zone,
            Iterable<AttemptRow> rows,
            Function<String, List<CommitOwnership>> changes,
            Function<AttemptRow, List<JudgedPullRequest>> pullRequests,
            FailureCell failures) {
        var sums = new Sums(zone);
        for (AttemptRow row : rows) {
            sums.add(row, changes);
            if (row.isSuccess() && !row.seed()) {
                pullRequests.apply(row).forEach(sums.pullRequests::add);
            }
        }
        return sums.cell(failures);
    }

    private static final class Sums {
        private final ZoneId zone;
        private final Map<AttemptResult, Integer> results = new EnumMap<>(AttemptResult.class);
        private final Map<DeploymentKind, Integer> kinds = new EnumMap<>(DeploymentKind.class);
        private final Sample changeEnds = new Sample();
        private final Sample changeDays = new Sample();
        private final Sample leadTimes = new Sample();
        private final Sample deployTimes = new Sample();
        private final Sample queueTimes = new Sample();
        private final Sample timesToSuccess = new Sample();
        private final PullRequestSums pullRequests = new PullRequestSums();
        private int rework;
        private int clockSkew;
        private int rangeIncomplete;
        private int withoutStart;
        private long lastDay = Long.MIN_VALUE;

        Sums(ZoneId zone) {
            this.zone = zone;
        }

        void add(AttemptRow row, Function<String, List<CommitOwnership>> changes) {
            results.merge(row.result(), 1, Integer::sum);
            if (!row.isSuccess()) {
                return;
            }
            addTimes(row);
            if (row.kind() == null) {
                return;
            }
            kinds.merge(row.kind(), 1, Integer::sum);
            rework += row.rework() ? 1 : 0;
            if (row.kind().isChange()) {
                changeEnds.add(row.finishedAt().toEpochMilli());
                long day = LocalDate.ofInstant(row.finishedAt(), zone).toEpochDay();
                if (day != lastDay) {
                    changeDays.add(day);
                    lastDay = day;
                }
            }
            if (!row.seed()) {
                addLeadTimes(row, changes.apply(row.id()));
            }
        }

        private void addTimes(AttemptRow row) {
            Long time = row.deployTimeMs();
            if (time == null) {
                withoutStart++;
            } else {
                deployTimes.add(time);
            }
            Long queued = row.queueTimeMs();
            if (queued != null) {
                queueTimes.add(queued);
            }
            Long toSuccess = row.timeToSuccessMs();
            if (toSuccess != null) {
                timesToSuccess.add(toSuccess);
            }
        }

        private void addLeadTimes(AttemptRow row, List<CommitOwnership> changes) {
            boolean incomplete = false;
            for (CommitOwnership change : changes) {
                incomplete |= change.parentage() == Parentage.UNKNOWN;
                ChangeJudgement judgement = ChangeJudgement.of(change, row);
                if (judgement == ChangeJudgement.CLOCK_SKEW) {
                    clockSkew++;
                } else if (judgement == ChangeJudgement.COUNTED) {
                    leadTimes.add(ChangeJudgement.leadTimeMs(change, row));
                }
            }
            rangeIncomplete += incomplete ? 1 : 0;
        }

        DayCell cell(FailureCell failures) {
            return new DayCell(
                    zone.getId(),
                    results.getOrDefault(AttemptResult.SUCCESS, 0),
                    results.getOrDefault(AttemptResult.FAILURE, 0),
                    results.getOrDefault(AttemptResult.CANCELLED, 0),
                    results.getOrDefault(AttemptResult.SKIPPED, 0),
                    results.getOrDefault(AttemptResult.TIMED_OUT, 0),
                    kinds.getOrDefault(DeploymentKind.FORWARD, 0),
                    kinds.getOrDefault(DeploymentKind.CONFIG, 0),
                    kinds.getOrDefault(DeploymentKind.ROLLBACK, 0),
                    kinds.getOrDefault(DeploymentKind.REDEPLOY, 0),
                    rework,
                    clockSkew,
                    rangeIncomplete,
                    withoutStart,
                    changeEnds.values(),
                    changeDays.values(),
                    leadTimes.values(),
                    deployTimes.values(),
                    queueTimes.values(),
                    timesToSuccess.values(),
                    pullRequests.cell(),
                    failures);
        }
    }
}
