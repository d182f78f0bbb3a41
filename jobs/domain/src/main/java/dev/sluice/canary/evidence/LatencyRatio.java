package dev.sluice.canary.evidence;

import dev.sluice.statistics.BetaBinomialBoundary;
import dev.sluice.statistics.Interval;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counted requests of both arms, for the estimate of how many times as slow the canary is at a quantile, with a confidence
 * sequence of {@link BetaBinomialBoundary}, alpha/2 for each arm. For display: it needs each arm to be stationary.
 *
 * <p>Values are kept on a grid of 1 %; of counts between bounds it is known between which bounds a quantile lies.
 */
public final class LatencyRatio implements Stateful {
    private static final double LOG_GRID = StrictMath.log(1.01);

    private final Arm baseline = new Arm();
    private final Arm canary = new Arm();

    /** Adds the requests of a bucket. */
    public void add(HistogramBucket bucket) {
        baseline.add(bucket.baseline());
        canary.add(bucket.canary());
    }

    /**
     * Returns the ratio of the canary's quantile to the baseline's.
     *
     * @return NaN-free; null where one of them lies beyond the last bound or is 0
     */
    public @Nullable Double estimate(double quantile) {
        double ofBaseline = baseline.quantile(quantile);
        double ofCanary = canary.quantile(quantile);
        return ofBaseline > 0 && Double.isFinite(ofBaseline) && Double.isFinite(ofCanary)
                ? ofCanary / ofBaseline
                : null;
    }

    /** Returns the interval of the ratio, from 0 or to infinity where nothing is excluded on a side. */
    public Interval interval(double quantile, double alpha) {
        Interval ofBaseline = baseline.interval(quantile, alpha / 2);
        Interval ofCanary = canary.interval(quantile, alpha / 2);
        double lower = Double.isFinite(ofBaseline.upper()) && ofBaseline.upper() > 0
                ? ofCanary.lower() / ofBaseline.upper()
                : 0;
        double upper = ofBaseline.lower() > 0 ? ofCanary.upper() / ofBaseline.lower() : Double.POSITIVE_INFINITY;
        return new Interval(lower, Math.max(lower, upper));
    }

    @Override
    public void save(DataOutput out) throws IOException {
        baseline.save(out);
        canary.save(out);
    }

    @Override
    public void load(DataInput in) throws IOException {
        baseline.load(in);
        canary.load(in);
    }

    /** The requests of one arm by the upper end of where they lie. */
    private static final class Arm implements Stateful {
        private final NavigableMap<Double, Double> lowerEnds = new TreeMap<>();
        private final NavigableMap<Double, Long> counts = new TreeMap<>();
        private double total;

        void add(Histogram histogram) {
            double[] bounds = histogram.bounds();
            long before = 0;
            for (int i = 0; i < bounds.length; i++) {
                long upTo = histogram.total() - histogram.countAbove(bounds[i]);
                double lower = histogram.isOfValues() ? gridBelow(bounds[i]) : i == 0 ? 0 : bounds[i - 1];
                double upper = histogram.isOfValues() ? gridAbove(bounds[i]) : bounds[i];
                count(lower, upper, upTo - before);
                before = upTo;
            }
            double last = bounds.length == 0 ? 0 : bounds[bounds.length - 1];
            count(last, Double.POSITIVE_INFINITY, histogram.total() - before);
        }

        @Override
        public void save(DataOutput out) throws IOException {
            out.writeDouble(total);
            out.writeInt(counts.size());
            for (var entry : counts.entrySet()) {
                out.writeDouble(entry.getKey());
                out.writeDouble(lowerEnds.getOrDefault(entry.getKey(), 0.0));
                out.writeLong(entry.getValue());
            }
        }

        @Override
        public void load(DataInput in) throws IOException {
            total = in.readDouble();
            lowerEnds.clear();
            counts.clear();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                double upper = in.readDouble();
                lowerEnds.put(upper, in.readDouble());
                counts.put(upper, in.readLong());
            }
        }

        private void count(double lower, double upper, long number) {
            if (number > 0) {
                counts.merge(upper, number, Long::sum);
                lowerEnds.merge(upper, Math.max(0, lower), Math::min);
                total += number;
            }
        }

        /** Interpolates within the bounds, as Prometheus does. */
        double quantile(double quantile) {
            double rank = quantile * total;
            double before = 0;
            for (var entry : counts.entrySet()) {
                double number = entry.getValue().doubleValue();
                if (before + number >= rank) {
                    double lower = lowerEnds.getOrDefault(entry.getKey(), 0.0);
                    return lower + (entry.getKey() - lower) * (rank - before) / number;
                }
                before += number;
            }
            return Double.POSITIVE_INFINITY;
        }

        Interval interval(double quantile, double alpha) {
            if (total == 0) {
                return new Interval(0, Double.POSITIVE_INFINITY);
            }
            Interval ranks = new BetaBinomialBoundary(alpha, BetaBinomialBoundary.DEFAULT_OPTIMUM)
                    .quantileRanks(quantile, total);
            double lower = ranks.lower() > 0 ? lowerEnds.getOrDefault(place(ranks.lower()), 0.0) : 0;
            double upper = ranks.upper() < 1 ? place(ranks.upper()) : Double.POSITIVE_INFINITY;
            return new Interval(lower, Math.max(lower, upper));
        }

        private double place(double share) {
            double rank = share * total;
            double sum = 0;
            for (var entry : counts.entrySet()) {
                sum += entry.getValue();
                if (sum >= rank) {
                    return entry.getKey();
                }
            }
            return Double.POSITIVE_INFINITY;
        }

        private static double gridBelow(double value) {
            return value > 0 ? StrictMath.exp(LOG_GRID * (Math.ceil(StrictMath.log(value) / LOG_GRID) - 1)) : 0;
        }

        private static double gridAbove(double value) {
            return value > 0 ? StrictMath.exp(LOG_GRID * Math.ceil(StrictMath.log(value) / LOG_GRID)) : 0;
        }
    }
}
