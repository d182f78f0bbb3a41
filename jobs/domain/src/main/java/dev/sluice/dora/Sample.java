package dev.sluice.dora;

import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.util.Arrays;
import org.apache.commons.math3.util.KthSelector;
import org.jspecify.annotations.Nullable;

/** Whole numbers, gathered in any order, and what they amount to: milliseconds, or days. */
final class Sample {
    private static final long[] NONE = {};

    private long[] values = NONE;
    private int count;
    private double @Nullable [] selectable;

    void add(long millis) {
        room(1);
        values[count++] = millis;
    }

    void addAll(long[] millis) {
        room(millis.length);
        System.arraycopy(millis, 0, values, count, millis.length);
        count += millis.length;
    }

    private void room(int more) {
        selectable = null;
        if (count + more > values.length) {
            values = Arrays.copyOf(values, Math.max(count * 2, count + more));
        }
    }

    int count() {
        return count;
    }

    /** Returns them as they were added. */
    long[] values() {
        return Arrays.copyOf(values, count);
    }

    @Nullable
    Double median() {
        return quantile(0.5);
    }

    @Nullable
    Double p90() {
        return quantile(0.9);
    }

    @Nullable
    Double mean() {
        if (count == 0) {
            return null;
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum / (double) count;
    }

    @Nullable
    Interval medianInterval() {
        int rank = ConfidenceIntervals.medianRank(count);
        return rank == 0 ? null : new Interval(smallest(rank - 1), smallest(count - rank));
    }

    /**
     * Returns a quantile of type 7 (Hyndman and Fan, 1996): linear between closest ranks, h = (n - 1) p. The same as SQL
     * PERCENTILE_CONT and ClickHouse quantileExactInclusive.
     */
    @Nullable
    Double quantile(double p) {
        if (count == 0) {
            return null;
        }
        double h = (count - 1) * p;
        int below = (int) Math.floor(h);
        double lower = smallest(below);
        return h == below ? lower : lower + (h - below) * (smallest(below + 1) - lower);
    }

    /** The k-th smallest, from 0. It is selected, not sorted for: the cost of a long range is in this. */
    private double smallest(int k) {
        double[] all = selectable;
        if (all == null) {
            all = new double[count];
            for (int i = 0; i < count; i++) {
                all[i] = values[i]; // exact: below 2^53
            }
            selectable = all;
        }
        return new KthSelector().select(all, null, k);
    }
}
