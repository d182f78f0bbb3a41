package dev.sluice.canary;

import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.Stateful;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The counts of the last few buckets: where something went wrong late, those of the whole run do not show it. */
final class RecentCounts implements Stateful {
    private static final int BUCKETS = 6;

    private final Deque<RatioBucket> buckets = new ArrayDeque<>();

    void add(RatioBucket bucket) {
        if (buckets.size() == BUCKETS) {
            buckets.removeFirst();
        }
        buckets.addLast(bucket);
    }

    /** Returns how many buckets there are. */
    int size() {
        return buckets.size();
    }

    RatioTotals totals() {
        var totals = new RatioTotals();
        buckets.forEach(totals::add);
        return totals;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(buckets.size());
        for (RatioBucket bucket : buckets) {
            out.writeDouble(bucket.baselineEvents());
            out.writeDouble(bucket.baselineExposure());
            out.writeDouble(bucket.canaryEvents());
            out.writeDouble(bucket.canaryExposure());
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        buckets.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            buckets.addLast(new RatioBucket(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble()));
        }
    }
}
