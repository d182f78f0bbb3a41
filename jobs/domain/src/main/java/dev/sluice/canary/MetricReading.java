package dev.sluice.canary;

import dev.sluice.statistics.Interval;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a metric says at the end of a bucket.
 *
 * @param evidence for a failure and for a pass
 * @param hindrance why it cannot pass, whatever comes; null where it can
 * @param waiting why buckets of now do not count; null where they do
 * @param estimate the canary's value by the baseline's (on a linear scale: minus); null where there is none
 * @param interval a confidence sequence of it
 * @param baseline what was counted
 * @param canary what was counted
 * @param countedBuckets since the stage began
 * @param leastExposure of the arms since the stage began, in requests; infinite where requests are not what is counted
 * @param lastData end of the last bucket with both arms; null before the first
 * @param resolutionFloor a difference of which share pods of one version alone may make; null where that is not known
 * @param finding what was found, in words and numbers
 * @param notes what one must know about it
 */
public record MetricReading(
        LogEvidence evidence,
        @Nullable String hindrance,
        @Nullable String waiting,
        @Nullable Double estimate,
        Interval interval,
        ArmCounts baseline,
        ArmCounts canary,
        long countedBuckets,
        double leastExposure,
        @Nullable Instant lastData,
        @Nullable Double resolutionFloor,
        String finding,
        List<String> notes) {
    public MetricReading {
        notes = List.copyOf(notes);
    }

    /** Returns which metric it is of. */
    public MetricConfig metric() {
        return evidence.metric();
    }

    /** Returns whether no run passes without it. */
    boolean isRequired() {
        return evidence.decisive() && metric().standing().required();
    }

    /**
     * Returns whether the interval lies where either verdict would be right, so that more of the same data will not decide.
     * Where a part of what is allowed is absolute the interval of the ratio does not say.
     */
    boolean isUndecidable() {
        if (!(metric() instanceof MetricConfig.Ratio ratio)
                || ratio.tolerance().absolute() != 0
                || ratio.margin().absolute() != 0) {
            return false;
        }
        double tolerance = ratio.tolerance().relative();
        double margin = ratio.margin().relative();
        return (ratio.direction() != Direction.DECREASE && isWithin(1 + tolerance, 1 + margin))
                || (ratio.direction() != Direction.INCREASE && isWithin(1 - margin, 1 - tolerance));
    }

    private boolean isWithin(double lower, double upper) {
        return interval.lower() >= lower && interval.upper() <= upper;
    }
}
