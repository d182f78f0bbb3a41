package dev.sluice.benchmarks.accuracy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * With which bucket each of many runs first alarmed, counted from 1; none for those that did not.
 *
 * @param buckets of each run; {@link Integer#MAX_VALUE} for none
 */
record FirstAlarms(int[] buckets) {
    private static final MathContext DIGITS = new MathContext(3);

    /** One run of a procedure. */
    @FunctionalInterface
    interface Run {
        /** Returns the statistic after the next bucket, an alarm being a value at or above the level. */
        double next();
    }

    /**
     * Repeats a run on all cores.
     *
     * @param repetitions how often
     * @param length how many buckets a run has at most
     * @param levels of the statistic
     * @param runs makes the run of a repetition; equal numbers must make equal runs
     * @return the first alarms for each level
     */
    static FirstAlarms[] of(int repetitions, int length, double[] levels, IntFunction<Run> runs) {
        int[][] first = IntStream.range(0, repetitions)
                .parallel()
                .mapToObj(repetition -> one(runs.apply(repetition), length, levels))
                .toArray(int[][]::new);
        return IntStream.range(0, levels.length)
                .mapToObj(level -> new FirstAlarms(
                        Arrays.stream(first).mapToInt(of -> of[level]).toArray()))
                .toArray(FirstAlarms[]::new);
    }

    private static int[] one(Run run, int length, double[] levels) {
        var first = new int[levels.length];
        Arrays.fill(first, Integer.MAX_VALUE);
        int open = levels.length;
        for (int bucket = 1; bucket <= length && open > 0; bucket++) {
            double statistic = run.next();
            for (int level = 0; level < levels.length; level++) {
                if (first[level] == Integer.MAX_VALUE && statistic >= levels[level]) {
                    first[level] = bucket;
                    open--;
                }
            }
        }
        return first;
    }

    /** Returns how many alarmed with one of the first buckets. */
    Share by(int bucket) {
        return new Share(
                (int) Arrays.stream(buckets).filter(first -> first <= bucket).count(), buckets.length);
    }

    /** Returns the alarms of runs as they are counted from a later bucket on; those of before are left out. */
    FirstAlarms after(int bucket) {
        return new FirstAlarms(Arrays.stream(buckets)
                .filter(first -> first > bucket)
                .map(first -> first == Integer.MAX_VALUE ? first : first - bucket)
                .toArray());
    }

    /** Returns the bucket with which a part of the runs had alarmed. */
    int quantile(double part) {
        int[] sorted = buckets.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }

    /** Returns median and 90th percentile in a unit, e.g. {@code 60 (120)}. */
    String delays(double unit) {
        return delay(0.5, unit) + " (" + delay(0.9, unit) + ")";
    }

    private String delay(double part, double unit) {
        int bucket = quantile(part);
        return bucket == Integer.MAX_VALUE
                ? "never"
                : new BigDecimal(bucket * unit)
                        .round(DIGITS)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
