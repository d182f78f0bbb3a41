package dev.sluice.dora;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.Parentage;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;

/**
 * What a finished attempt adds to the metrics of each range of time that holds it.
 *
 * @param row the attempt
 * @param day the local day on which it ended
 * @param leadTimesMs lead times of the changes that count, in milliseconds
 * @param clockSkew how many changes were authored after the attempt had ended
 * @param incomplete whether parents of a change are not known
 */
record Contribution(AttemptRow row, LocalDate day, long[] leadTimesMs, int clockSkew, boolean incomplete) {
    /**
     * Returns what an attempt adds.
     *
     * @param row the attempt
     * @param changes the commits that it first brought
     * @param zone the zone of the local day
     */
    static Contribution of(AttemptRow row, List<CommitOwnership> changes, ZoneId zone) {
        long[] leadTimes = new long[changes.size()];
        int counted = 0;
        int clockSkew = 0;
        boolean incomplete = false;
        for (CommitOwnership change : changes) {
            incomplete |= change.parentage() == Parentage.UNKNOWN;
            ChangeJudgement judgement = ChangeJudgement.of(change, row);
            if (judgement == ChangeJudgement.CLOCK_SKEW) {
                clockSkew++;
            } else if (judgement == ChangeJudgement.COUNTED) {
                leadTimes[counted++] = ChangeJudgement.leadTimeMs(change, row);
            }
        }
        LocalDate day = LocalDate.ofInstant(row.finishedAt(), zone);
        return new Contribution(row, day, Arrays.copyOf(leadTimes, counted), clockSkew, incomplete);
    }
}
