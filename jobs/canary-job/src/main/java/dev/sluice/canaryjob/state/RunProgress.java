package dev.sluice.canaryjob.state;

/**
 * How far a run has come.
 *
 * @param since the progress when the run was first heard of, ms since the epoch: points of before may still come
 * @param next the number of the first bucket that has not been judged
 * @param stages how many further stages have begun
 * @param awaited how many further stages who sent points knew of
 * @param buckets how many buckets with data have been judged
 * @param late how many points came after their bucket was complete
 * @param lateOfStage those of them since the stage began
 * @param closed whether the last word has been said
 * @param unsaid whether something has changed since a verdict was published
 */
public record RunProgress(
        long since,
        long next,
        int stages,
        int awaited,
        long buckets,
        long late,
        long lateOfStage,
        boolean closed,
        boolean unsaid) {
    /** Returns the progress before anything was judged. */
    public static RunProgress first(long since, long next) {
        return new RunProgress(since, next, 0, 0, 0, 0, 0, false, true);
    }

    /** Returns the progress after all buckets before one, with so many stages and further buckets with data. */
    public RunProgress at(long bucket, int ofStages, int more) {
        long ofStage = ofStages == stages ? lateOfStage : 0;
        return new RunProgress(since, bucket, ofStages, awaited, buckets + more, late, ofStage, closed, true);
    }

    /** Returns the progress with further late points. */
    public RunProgress withLate(long more) {
        return new RunProgress(
                since, next, stages, awaited, buckets, late + more, lateOfStage + more, closed, unsaid || more > 0);
    }

    /** Returns the progress when points came from somebody who knew of so many further stages. */
    public RunProgress awaiting(int known) {
        return new RunProgress(
                since, next, stages, Math.max(awaited, known), buckets, late, lateOfStage, closed, unsaid);
    }

    /** Returns the progress after the last word. */
    public RunProgress asClosed() {
        return new RunProgress(since, next, stages, awaited, buckets, late, lateOfStage, true, true);
    }

    /** Returns the progress when there is something new to say. */
    public RunProgress asUnsaid() {
        return new RunProgress(since, next, stages, awaited, buckets, late, lateOfStage, closed, true);
    }

    /** Returns the progress after a verdict was published. */
    public RunProgress asSaid() {
        return new RunProgress(since, next, stages, awaited, buckets, late, lateOfStage, closed, false);
    }
}
