package dev.sluice.canaryjob.state;

/**
 * How far a run has come.
 *
 * @param since the progress when the run was first heard of, ms since the epoch: points of before may still come
 * @param next the number of the first bucket that has not been judged
 * @param stages how many further stages have begun
 * @param buckets how many buckets with data have been judged
 * @param late how many points came after their bucket was complete
 * @param closed whether the last word has been said
 * @param unsaid whether something has changed since a verdict was published
 */
public record RunProgress(long since, long next, int stages, long buckets, long late, boolean closed, boolean unsaid) {
    /** Returns the progress after all buckets before one, with so many stages and further buckets with data. */
    public RunProgress at(long bucket, int ofStages, int more) {
        return new RunProgress(since, bucket, ofStages, buckets + more, late, closed, true);
    }

    /** Returns the progress with further late points. */
    public RunProgress withLate(long more) {
        return new RunProgress(since, next, stages, buckets, late + more, closed, unsaid);
    }

    /** Returns the progress after the last word. */
    public RunProgress asClosed() {
        return new RunProgress(since, next, stages, buckets, late, true, unsaid);
    }

    /** Returns the progress after a verdict was published. */
    public RunProgress asSaid() {
        return new RunProgress(since, next, stages, buckets, late, closed, false);
    }
}
