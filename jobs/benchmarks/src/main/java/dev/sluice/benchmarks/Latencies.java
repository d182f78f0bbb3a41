package dev.sluice.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Latencies of one run, in nanoseconds, each counted from the moment at which the thing should have begun. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    /**
     * Gathers what several threads saw.
     *
     * @throws IllegalArgumentException if nobody saw anything
     */
    static Latencies of(List<Samples> samples) {
        long[] all = samples.stream().flatMapToLong(Samples::stream).sorted().toArray();
        if (all.length == 0) {
            throw new IllegalArgumentException("no latency was measured");
        }
        return new Latencies(all);
    }

    int count() {
        return sorted.length;
    }

    /**
     * Returns a percentile by nearest rank: the least latency that is not exceeded by at least this share of all.
     *
     * @param share above 0, at most 1
     */
    double percentileMillis(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be above 0 and at most 1: " + share);
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[rank - 1] / NANOS_PER_MILLI;
    }

    /** What one thread saw. */
    static final class Samples {
        private long[] nanos = new long[1024];
        private int count;

        void add(long latencyNanos) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = latencyNanos;
        }

        private LongStream stream() {
            return Arrays.stream(nanos, 0, count);
        }
    }
}
