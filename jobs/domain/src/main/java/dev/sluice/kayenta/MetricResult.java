package dev.sluice.kayenta;

/**
 * What came of one pair of values.
 *
 * @param config of its metric
 * @param finding what was found
 * @param baseline the baseline's values in numbers
 * @param canary the canary's
 */
public record MetricResult(MetricConfig config, Finding finding, ArmStatistics baseline, ArmStatistics canary) {}
