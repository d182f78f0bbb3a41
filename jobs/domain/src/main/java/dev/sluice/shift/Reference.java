package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a metric was before: what later values are compared with. A bound is an end of the level's 95 % interval, so it
 * errs on the safe side: a detector of more takes the level for as high, and one of less for as low, as the reference
 * allows. For rates of 0 to 1 the bounds are those of the bad outcome's share (failed, rework), which is the rare one.
 *
 * @param level what the metric amounted to
 * @param moreThan the bound that more is measured from: a share from 0.01 to 0.9, milliseconds, or a count a week; null
 *     where the reference leaves no room for more
 * @param lessThan the bound that less is measured from, in the same unit; null where it leaves no room for less
 * @param dispersion variance of the weekly counts over what a Poisson process would have, at least 1; 1 for other kinds
 */
public record Reference(
        Level level, @Nullable Double moreThan, @Nullable Double lessThan, double dispersion) {
    /** Nearer to 0 or 1 every value of the common outcome would be taken for evidence. */
    private static final double LEAST_SHARE = 0.01;

    private static final double GREATEST_SHARE = 0.9;
    /** However long nothing has ever failed, a first failure is no news yet. */
    private static final double LEAST_SHARE_OF_NONE = 0.05;
    /** A deployment in 20 weeks: below it every week without one would be taken for evidence. */
    private static final double LEAST_FREQUENCY = 0.05;

    public Reference {
        requireNonNull(level, "level");
        if (!(dispersion >= 1)) {
            throw new IllegalArgumentException("dispersion below 1: " + dispersion);
        }
    }

    static Reference of(ShiftMetric metric, long[] values) {
        Level level = Level.of(metric, values);
        return switch (metric.kind()) {
            case RATE -> ofShare(metric, level, values);
            case DURATION -> {
                Interval median = requireNonNull(level.interval(), "too few values for a reference");
                yield new Reference(level, median.upper(), median.lower(), 1);
            }
            case FREQUENCY -> ofFrequency(level, values);
        };
    }

    private static Reference ofShare(ShiftMetric metric, Level level, long[] values) {
        int bad = (int) LongStream.of(values).filter(metric::isBad).count();
        Interval share =
                requireNonNull(ConfidenceIntervals.ofRate(bad, values.length), "too few values for a reference");
        double upper = Math.max(share.upper(), bad == 0 ? LEAST_SHARE_OF_NONE : LEAST_SHARE);
        double lower = Math.min(share.lower(), GREATEST_SHARE);
        return new Reference(level, upper > GREATEST_SHARE ? null : upper, lower < LEAST_SHARE ? null : lower, 1);
    }

    /** Counts that spread more than a Poisson process say as much as so many times fewer events in a shorter time. */
    private static Reference ofFrequency(Level level, long[] counts) {
        double dispersion = dispersion(counts);
        double events = LongStream.of(counts).sum() / dispersion;
        double weeks = counts.length / dispersion;
        double upper =
                ConfidenceIntervals.ofFrequency((int) Math.ceil(events), weeks).upper();
        double lower =
                ConfidenceIntervals.ofFrequency((int) Math.floor(events), weeks).lower();
        return new Reference(level, upper, lower < LEAST_FREQUENCY ? null : lower, dispersion);
    }

    /** Pearson's: the sum of (k - mean)^2 / mean over n - 1, where that is above 1. */
    private static double dispersion(long[] counts) {
        double mean = LongStream.of(counts).sum() / (double) counts.length;
        double sum = 0;
        for (long count : counts) {
            sum += (count - mean) * (count - mean);
        }
        return mean == 0 ? 1 : Math.max(1, sum / mean / (counts.length - 1));
    }
}
