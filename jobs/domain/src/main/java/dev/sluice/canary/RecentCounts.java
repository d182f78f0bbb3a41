package dev.sluice.canary;

import dev.sluice.canary.evidence.RatioBucket;
import java.util.ArrayDeque;
import java.util.Deque;

/** The counts of the last few buckets: where something went wrong late, those of the whole run do not show it. */
final class RecentCounts {
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
}
