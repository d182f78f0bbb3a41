package dev.sluice.canaryjob.state;

/**
 * A point whose bucket is not complete.
 *
 * @param bucket the number of its bucket; {@link #UNKNOWN} while it is not known what the run is judged by
 * @param metric its metric
 * @param point the point, as JSON
 */
public record PendingPoint(long bucket, String metric, byte[] point) {
    /** No number yet. */
    public static final long UNKNOWN = Long.MIN_VALUE;
}
