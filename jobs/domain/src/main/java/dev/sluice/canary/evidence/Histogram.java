package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many values are at most how large. Either the values themselves are known, then it can be cut anywhere; or only how
 * many lie between bounds, then it can be cut at the bounds alone.
 */
public final class Histogram {
    /** Beyond it sums would no longer be exact. */
    private static final long MOST = 1_000_000_000_000_000L;

    private static final Histogram NO_VALUES = new Histogram(new double[0], new long[0], 0, true);

    private final double[] bounds;
    private final long[] upTo;
    private final long total;
    private final boolean ofValues;

    private Histogram(double[] bounds, long[] upTo, long total, boolean ofValues) {
        this.bounds = bounds;
        this.upTo = upTo;
        this.total = total;
        this.ofValues = ofValues;
    }

    /** Counts values, each finite and at least 0. */
    public static Histogram ofValues(double... values) {
        NavigableMap<Double, Long> counts = new TreeMap<>();
        for (double value : values) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("value " + value);
            }
            counts.merge(value + 0.0, 1L, Long::sum); // + 0.0 makes one zero of both
        }
        return of(counts, values.length, true);
    }

    /** Returns the histogram without values. */
    public static Histogram empty() {
        return NO_VALUES;
    }

    /**
     * Takes counts between bounds.
     *
     * @param bounds the finite upper bounds, at least 0, ascending
     * @param upTo how many values are at most each bound; not descending
     * @param total how many there are, at least the last of them
     */
    public static Histogram ofBuckets(double[] bounds, long[] upTo, long total) {
        if (bounds.length != upTo.length) {
            throw new IllegalArgumentException(bounds.length + " bounds, " + upTo.length + " counts");
        }
        long before = 0;
        for (int i = 0; i < bounds.length; i++) {
            if (!(bounds[i] >= 0) || Double.isInfinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1])) {
                throw new IllegalArgumentException("bounds " + Arrays.toString(bounds));
            }
            if (upTo[i] < before) {
                throw new IllegalArgumentException("counts up to each bound " + Arrays.toString(upTo));
            }
            before = upTo[i];
        }
        if (total > MOST) {
            throw new IllegalArgumentException("total must be at most 1e15, is " + total);
        }
        if (total < before) {
            throw new IllegalArgumentException("total " + total + " is less than " + before);
        }
        return new Histogram(bounds.clone(), upTo.clone(), total, false);
    }

    /**
     * Takes values of which each is known, and how often it occurs.
     *
     * @param values each that occurs, ascending, at least 0
     * @param upTo how many values are at most each; not descending
     */
    public static Histogram ofValueCounts(double[] values, long[] upTo) {
        Histogram checked = ofBuckets(values, upTo, upTo.length == 0 ? 0 : upTo[upTo.length - 1]);
        return new Histogram(checked.bounds, checked.upTo, checked.total, true);
    }

    /** Returns how many values there are. */
    public long total() {
        return total;
    }

    /** Returns whether the values themselves are known. */
    public boolean isOfValues() {
        return ofValues;
    }

    /** Returns the bounds, ascending; of values, each that occurs. */
    public double[] bounds() {
        return bounds.clone();
    }

    /** Returns how many values are at most each bound. */
    public long[] upTo() {
        return upTo.clone();
    }

    /** Returns whether it is known how many values are above a threshold. */
    public boolean canCutAt(double threshold) {
        return ofValues || total == 0 || Arrays.binarySearch(bounds, threshold) >= 0;
    }

    /**
     * Returns how many values are above a threshold.
     *
     * @param threshold where the histogram can be cut
     */
    public long countAbove(double threshold) {
        if (!canCutAt(threshold)) {
            throw new IllegalArgumentException(threshold + " is none of the bounds " + Arrays.toString(bounds));
        }
        int at = Arrays.binarySearch(bounds, threshold);
        int below = at >= 0 ? at : -at - 2;
        return total - (below < 0 ? 0 : upTo[below]);
    }

    /** Adds another one: values to values, else what both know. */
    public Histogram plus(Histogram other) {
        return sum(List.of(this, other));
    }

    /** Adds several up: values to values, else what all of them know. */
    public static Histogram sum(Collection<Histogram> histograms) {
        List<Histogram> all =
                histograms.stream().filter(histogram -> histogram.total > 0).toList();
        var counts = new TreeMap<Double, Long>();
        long total = 0;
        boolean ofValues = true;
        for (Histogram histogram : all) {
            total = Math.addExact(total, histogram.total);
            ofValues &= histogram.ofValues;
            for (double bound : histogram.bounds) {
                counts.put(bound, 0L);
            }
        }
        if (ofValues) {
            for (Histogram histogram : all) {
                for (int i = 0; i < histogram.bounds.length; i++) {
                    long before = i == 0 ? 0 : histogram.upTo[i - 1];
                    counts.merge(histogram.bounds[i], histogram.upTo[i] - before, Long::sum);
                }
            }
            return of(counts, total, true);
        }
        counts.keySet().removeIf(bound -> !all.stream().allMatch(histogram -> histogram.canCutAt(bound)));
        long before = 0;
        for (var entry : counts.entrySet()) {
            long upTo = 0;
            for (Histogram histogram : all) {
                upTo += histogram.total - histogram.countAbove(entry.getKey());
            }
            entry.setValue(upTo - before);
            before = upTo;
        }
        return of(counts, total, false);
    }

    /** Writes the histogram. */
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(ofValues);
        out.writeLong(total);
        out.writeInt(bounds.length);
        Numbers.save(out, bounds);
        for (long count : upTo) {
            out.writeLong(count);
        }
    }

    /** Reads a histogram that was saved. */
    public static Histogram load(DataInput in) throws IOException {
        boolean ofValues = in.readBoolean();
        long total = in.readLong();
        var bounds = new double[in.readInt()];
        Numbers.load(in, bounds);
        var upTo = new long[bounds.length];
        for (int i = 0; i < upTo.length; i++) {
            upTo[i] = in.readLong();
        }
        return new Histogram(bounds, upTo, total, ofValues);
    }

    /** Returns the bound of the place with a rank; infinity for one above all bounds. */
    double boundOfRank(long rank) {
        int i = 0;
        while (i < bounds.length && upTo[i] < rank) {
            i++;
        }
        return i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
    }

    private static Histogram of(NavigableMap<Double, Long> counts, long total, boolean ofValues) {
        var bounds = new double[counts.size()];
        var upTo = new long[counts.size()];
        int i = 0;
        long sum = 0;
        for (var entry : counts.entrySet()) {
            sum += entry.getValue();
            bounds[i] = entry.getKey();
            upTo[i++] = sum;
        }
        return new Histogram(bounds, upTo, total, ofValues);
    }
}
