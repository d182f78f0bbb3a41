package dev.sluice.kayenta;

import org.jspecify.annotations.Nullable;

/**
 * What was found of a metric.
 *
 * @param label what it was found to be
 * @param reason why, in Kayenta's words; null where it gives none
 * @param ratio the canary's mean / the baseline's, whatever measures the effect. As Kayenta reports it, it is 1 where the
 *     arms were not compared, and NaN where a mean is 0; null if they could not be compared
 * @param critical whether the canary fails for it
 */
public record Finding(
        MetricLabel label,
        @Nullable String reason,
        @Nullable Double ratio,
        boolean critical) {
    private static final double NOT_COMPARED = 1;

    static Finding notCompared(MetricLabel label, @Nullable String reason) {
        return new Finding(label, reason, NOT_COMPARED, false);
    }

    static Finding missingData(MetricLabel label, String metric, boolean critical) {
        return new Finding(label, "Missing data for " + metric, NOT_COMPARED, critical);
    }

    static Finding error() {
        return new Finding(MetricLabel.ERROR, "Metric Classification Failed", null, false);
    }

    boolean failsTheCanary() {
        return critical && label != MetricLabel.PASS;
    }
}
