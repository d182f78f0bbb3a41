package dev.sluice.canary;

import org.jspecify.annotations.Nullable;

/**
 * What came of one metric.
 *
 * @param state Failed for a culprit, Successful for one whose proof is there, else Inconclusive or Error
 * @param reading its numbers at that time
 * @param reason in words and numbers
 * @param segments what is found by segment; null where none are looked at
 */
public record MetricVerdict(
        CanaryState state,
        MetricReading reading,
        String reason,
        @Nullable SegmentFindings segments) {
    /** A metric without segments. */
    public MetricVerdict(CanaryState state, MetricReading reading, String reason) {
        this(state, reading, reason, null);
    }

    /** Returns the same with what is found by segment. */
    MetricVerdict with(SegmentFindings found) {
        return new MetricVerdict(state, reading, reason, found);
    }
}
