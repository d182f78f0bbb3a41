package dev.sluice.canary;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run stands, and why.
 *
 * @param state the verdict, or Pending or Running
 * @param at the end of the bucket that it is of
 * @param logE ln of the evidence of all metrics together for a failure
 * @param neededToFail ln of the evidence at which the run fails
 * @param neededToPass ln of the evidence that each required metric needs for a pass
 * @param reasons in words and numbers, the first one first
 * @param notes what one must know about all of it
 * @param metrics one of each metric, in the order of the config
 * @param toPass how long a pass still takes if all goes on as it does; null where none is in sight
 * @param toFail how long a failure still takes; null where none is in sight
 * @param toPassRange how long a pass may take, by the ends of the confidence sequences; null where even the better ends have none in
 *     sight
 */
public record CanaryVerdict(
        CanaryState state,
        Instant at,
        double logE,
        double neededToFail,
        double neededToPass,
        List<String> reasons,
        List<String> notes,
        List<MetricVerdict> metrics,
        @Nullable Duration toPass,
        @Nullable Duration toFail,
        @Nullable TimeRange toPassRange) {
    /**
     * A range of times.
     *
     * @param least at the better ends
     * @param most at the worse ones; null where none is in sight there
     */
    public record TimeRange(Duration least, @Nullable Duration most) {}

    public CanaryVerdict {
        reasons = List.copyOf(reasons);
        notes = List.copyOf(notes);
        metrics = List.copyOf(metrics);
    }

    /** Returns the same verdict with the time that is left to either one. */
    CanaryVerdict withTimes(@Nullable Duration pass, @Nullable Duration fail, @Nullable TimeRange passRange) {
        return new CanaryVerdict(
                state, at, logE, neededToFail, neededToPass, reasons, notes, metrics, pass, fail, passRange);
    }

    /** Returns the same verdict with other words on its metrics. */
    CanaryVerdict withMetrics(List<MetricVerdict> others) {
        return new CanaryVerdict(
                state, at, logE, neededToFail, neededToPass, reasons, notes, others, toPass, toFail, toPassRange);
    }

    /** Returns the same verdict with one more note. */
    CanaryVerdict withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new CanaryVerdict(
                state, at, logE, neededToFail, neededToPass, reasons, more, metrics, toPass, toFail, toPassRange);
    }

    /**
     * Returns this, but for a pass, which is not given where the data are in doubt.
     *
     * @param doubts in words; none where there are none
     * @param hasEnded whether nothing more will come
     */
    public CanaryVerdict withheld(List<String> doubts, boolean hasEnded) {
        return state != CanaryState.SUCCESSFUL || doubts.isEmpty()
                ? this
                : as(hasEnded ? CanaryState.INCONCLUSIVE : CanaryState.RUNNING, doubts);
    }

    /**
     * Returns this as Pending: what the run begins with is not known yet, and so neither what it can prove.
     *
     * @param reasons what it waits for, in words
     */
    public CanaryVerdict awaiting(List<String> reasons) {
        return as(CanaryState.PENDING, reasons);
    }

    /** Returns the same numbers with another state and other reasons. */
    CanaryVerdict as(CanaryState other, List<String> otherReasons) {
        return new CanaryVerdict(
                other, at, logE, neededToFail, neededToPass, otherReasons, notes, metrics, toPass, toFail, toPassRange);
    }
}
