package dev.sluice.canary;

/**
 * What came of one metric.
 *
 * @param state Failed for a culprit, Successful for one whose proof is there, else Inconclusive or Error
 * @param reading its numbers at that time
 * @param reason in words and numbers
 */
public record MetricVerdict(CanaryState state, MetricReading reading, String reason) {}
