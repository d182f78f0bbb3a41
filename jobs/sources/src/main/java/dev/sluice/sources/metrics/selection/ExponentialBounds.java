package dev.sluice.sources.metrics.selection;

import dev.sluice.canary.intake.Measure;
import dev.sluice.sources.metrics.MetricPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Exponential histograms between bounds that are always the same: the powers of 2^(1/8) from a millionth to some ten thousands, or
 * every second, fourth, ... of them where the histogram is coarser. So two points of a series can be subtracted, and two arms
 * compared, whichever buckets they have had requests in. Finer buckets are joined: a bound of the eighth powers is one of theirs.
 * What is counted as zero may be anywhere up to the zero threshold, so there is no bound below that.
 */
final class ExponentialBounds {
    /** Neighbours are 9 % apart. */
    private static final int SCALE = 3;

    private static final int LEAST_EXPONENT = -20;
    private static final int GREATEST_EXPONENT = 14;

    private ExponentialBounds() {}

    /**
     * Returns the histogram between those bounds.
     *
     * @throws IllegalArgumentException if its counts are no whole numbers, or it is too coarse to have a bound
     */
    static Measure.Distribution distribution(MetricPoint.Exponential point, boolean isCumulative) {
        int scale = Math.min(SCALE, point.scale());
        if (scale < -2) {
            throw new IllegalArgumentException("a histogram of scale " + point.scale() + " is too coarse");
        }
        List<Double> bounds = new ArrayList<>();
        List<Long> upTo = new ArrayList<>();
        int finer = point.scale() - scale;
        long count = SelectedPoints.whole(point.belowZero()) + SelectedPoints.whole(point.zeroCount());
        int next = 0;
        // the bound 2^(i / 2^scale) has below it all buckets of index less than i, and finer ones of less than i
        // 2^finer
        for (long i = first(scale); i <= last(scale); i++) {
            long below = i << finer;
            while (next < point.counts().size() && (long) point.offset() + next < below) {
                count += SelectedPoints.whole(point.counts().get(next++));
            }
            double bound = StrictMath.pow(2, Math.scalb((double) i, -scale));
            if (bound >= point.zeroThreshold()) {
                bounds.add(bound);
                upTo.add(count);
            }
        }
        return new Measure.Distribution(bounds, upTo, SelectedPoints.whole(point.total()), isCumulative);
    }

    private static long first(int scale) {
        return scale >= 0 ? (long) LEAST_EXPONENT << scale : LEAST_EXPONENT >> -scale;
    }

    private static long last(int scale) {
        return scale >= 0 ? (long) GREATEST_EXPONENT << scale : GREATEST_EXPONENT >> -scale;
    }
}
