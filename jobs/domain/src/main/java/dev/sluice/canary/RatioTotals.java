package dev.sluice.canary;

import dev.sluice.canary.evidence.RatioBucket;
import org.jspecify.annotations.Nullable;

/** Sums of the counts of both arms. */
final class RatioTotals {
    private long buckets;
    private double baselineEvents;
    private double baselineExposure;
    private double canaryEvents;
    private double canaryExposure;
    private double canaryWeight;
    private double baselineWeight;

    void add(RatioBucket bucket) {
        buckets++;
        baselineEvents += bucket.baselineEvents();
        baselineExposure += bucket.baselineExposure();
        canaryEvents += bucket.canaryEvents();
        canaryExposure += bucket.canaryExposure();
        double exposure = bucket.baselineExposure() + bucket.canaryExposure();
        canaryWeight += bucket.canaryEvents() * bucket.baselineExposure() / exposure;
        baselineWeight += bucket.baselineEvents() * bucket.canaryExposure() / exposure;
    }

    ArmCounts baseline() {
        return new ArmCounts(baselineExposure, baselineEvents);
    }

    ArmCounts canary() {
        return new ArmCounts(canaryExposure, canaryEvents);
    }

    /** Returns the Mantel-Haenszel ratio, as the guard does, of these counts alone; null without any event. */
    @Nullable
    Double ratio() {
        return baselineEvents + canaryEvents > 0 ? (canaryWeight + 0.5) / (baselineWeight + 0.5) : null;
    }

    double leastExposure() {
        return Math.min(baselineExposure, canaryExposure);
    }

    double baselineRate() {
        return baselineExposure > 0 ? baselineEvents / baselineExposure : 0;
    }

    double canaryRate() {
        return canaryExposure > 0 ? canaryEvents / canaryExposure : 0;
    }

    /**
     * Returns what one second is expected to bring: the exposures as they were, the baseline's rate, and the canary's at a
     * ratio to it.
     *
     * @param bucketSeconds the length of a bucket
     */
    RatioBucket perSecond(double bucketSeconds, double ratio) {
        double seconds = buckets * bucketSeconds;
        double rate = (baselineEvents + 0.5) / (baselineExposure + 1);
        double ofBaseline = baselineExposure / seconds;
        double ofCanary = canaryExposure / seconds;
        return new RatioBucket(ofBaseline * rate, ofBaseline, ofCanary * rate * ratio, ofCanary);
    }
}
