package dev.sluice.canary;

import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.Stateful;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sums of the counts of both arms. */
final class RatioTotals implements Stateful {
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

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeLong(buckets);
        out.writeDouble(baselineEvents);
        out.writeDouble(baselineExposure);
        out.writeDouble(canaryEvents);
        out.writeDouble(canaryExposure);
        out.writeDouble(canaryWeight);
        out.writeDouble(baselineWeight);
    }

    @Override
    public void load(DataInput in) throws IOException {
        buckets = in.readLong();
        baselineEvents = in.readDouble();
        baselineExposure = in.readDouble();
        canaryEvents = in.readDouble();
        canaryExposure = in.readDouble();
        canaryWeight = in.readDouble();
        baselineWeight = in.readDouble();
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
