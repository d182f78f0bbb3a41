package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Latencies.Samples;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long after the buckets of live runs were complete their verdicts were seen; of those buckets that were completed in the
 * window that is measured, and by third of it. Used by one thread.
 */
final class VerdictTimes {
    private static final int THIRDS = 3;

    private final LiveSchedule schedule;
    private final long from;
    private final long to;
    private final long[] judged;
    private final List<Samples> thirds =
            Stream.generate(Samples::new).limit(THIRDS).toList();
    private final Samples sinceEnd = new Samples();
    private long judgedInWindow;

    /**
     * Begins before the first verdict.
     *
     * @param schedule when points are due
     * @param from begin of the window, in nanoseconds of the schedule
     * @param to its end, which is not of it
     */
    VerdictTimes(LiveSchedule schedule, long from, long to) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("no window: " + from + " to " + to);
        }
        this.schedule = schedule;
        this.from = from;
        this.to = to;
        this.judged = new long[schedule.runs()];
    }

    /**
     * Notes a verdict.
     *
     * @param run its number
     * @param buckets how many buckets of the run have been judged
     * @param at when it was seen, in nanoseconds of the schedule
     */
    void seen(int run, long buckets, long at) {
        for (long bucket = judged[run]; bucket < buckets; bucket++) {
            if (at >= from && at < to) {
                judgedInWindow++;
            }
            long completed = schedule.completed(run, bucket);
            if (completed >= from && completed < to) {
                thirds.get((int) (THIRDS * (completed - from) / (to - from))).add(at - completed);
                sinceEnd.add(at - schedule.end(bucket));
            }
        }
        judged[run] = Math.max(judged[run], buckets);
    }

    /** Returns whether every bucket that was completed before the window's end has its verdict. */
    boolean isComplete() {
        for (int run = 0; run < judged.length; run++) {
            if (schedule.completed(run, judged[run]) < to) {
                return false;
            }
        }
        return true;
    }

    /**
     * Waits no longer: verdicts that have not been seen count as if they were seen now.
     *
     * @param at in nanoseconds of the schedule, not before the window's end
     * @return how many buckets of runs have none
     */
    long giveUp(long at) {
        if (at < to) {
            throw new IllegalArgumentException(at + " is before the window's end, " + to);
        }
        long unseen = 0;
        for (int run = 0; run < judged.length; run++) {
            long buckets = judged[run];
            while (schedule.completed(run, buckets) < to) {
                buckets++;
            }
            unseen += buckets - judged[run];
            seen(run, buckets, at);
        }
        return unseen;
    }

    /** Returns how many verdicts on a bucket of a run were seen in the window. */
    long judgedInWindow() {
        return judgedInWindow;
    }

    /** Returns how many buckets of runs were completed in the window. */
    long completedInWindow() {
        return sinceCompletion().count();
    }

    /** Returns the times from when the points were due that complete a bucket until its verdict was seen. */
    Latencies sinceCompletion() {
        return Latencies.of(thirds);
    }

    /** Returns the same of one third of the window, 0 to 2. */
    Latencies sinceCompletion(int third) {
        return Latencies.of(List.of(thirds.get(third)));
    }

    /** Returns the times from the end of a bucket until its verdict was seen. */
    Latencies sinceEnd() {
        return Latencies.of(List.of(sinceEnd));
    }
}
