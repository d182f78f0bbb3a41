package dev.sluice.shift;

import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a metric amounts to over a run of values.
 *
 * @param n how many values: deployments, attempts or weeks
 * @param value the rate from 0 to 1, the median in milliseconds, or the count a week
 * @param interval its 95 % interval by {@link ConfidenceIntervals}: Wilson's, of order statistics, or Garwood's; null
 *     where there are too few values
 */
public record Level(int n, double value, @Nullable Interval interval) {
    public Level {
        if (n < 1) {
            throw new IllegalArgumentException("no values: " + n);
        }
    }

    static Level of(ShiftMetric metric, long[] values) {
        int n = values.length;
        return switch (metric.kind()) {
            case RATE -> {
                int ones = (int) LongStream.of(values).sum();
                yield new Level(n, ones / (double) n, ConfidenceIntervals.ofRate(ones, n));
            }
            case DURATION -> median(values);
            case FREQUENCY -> {
                int count = Math.toIntExact(LongStream.of(values).sum());
                yield new Level(n, count / (double) n, ConfidenceIntervals.ofFrequency(count, n));
            }
        };
    }

    private static Level median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        int rank = ConfidenceIntervals.medianRank(n);
        double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
        return new Level(n, median, rank == 0 ? null : new Interval(sorted[rank - 1], sorted[n - rank]));
    }
}
