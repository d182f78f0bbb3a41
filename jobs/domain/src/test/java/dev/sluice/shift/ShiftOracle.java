package dev.sluice.shift;

import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.jspecify.annotations.Nullable;

/**
 * What the definitions say, in one pass over all values and without any recursion: for every start and every alternative
 * the product of the likelihood ratios of the values since, their sum, their maximum.
 */
final class ShiftOracle {
    private static final double[] LOG_ODDS = {0.3, 0.6, 1, 1.5, 2.2};
    private static final double[] LOG_RATES = {0.2, 0.4, 0.7, 1.1};

    private final ShiftMetric metric;
    private final double threshold;
    private final List<MetricValue> values;
    private final List<Found> found = new ArrayList<>();

    private ShiftOracle(ShiftMetric metric, double threshold, List<MetricValue> values) {
        this.metric = metric;
        this.threshold = threshold;
        this.values = values;
    }

    /** A shift in numbers that can be compared: places among all values instead of moments. */
    record Found(boolean more, int began, int detected, int reference, double logEvidence) {}

    static List<Found> shifts(ShiftMetric metric, double threshold, List<MetricValue> values) {
        var oracle = new ShiftOracle(metric, threshold, values);
        int start = 0;
        boolean first = true;
        while (start < values.size()) {
            start = oracle.stretch(start, first);
            first = false;
        }
        return oracle.found;
    }

    /** Goes through the values from a start up to the next shift, and returns the place after it. */
    private int stretch(int begin, boolean first) {
        int start = begin;
        int learned = -1;
        var up = new ArrayList<double[]>();
        var down = new ArrayList<double[]>();
        var upFromLevel = new ArrayList<double[]>();
        var downFromLevel = new ArrayList<double[]>();
        int monitoredFrom = -1;
        for (int t = start; t < values.size(); t++) {
            int n = t - start;
            boolean old = days(values.get(start).begin(), values.get(t).begin()) > 400;
            if (learned < 0) {
                if (old) {
                    start = t;
                } else if (isEnough(start, t, first)) {
                    learned = n;
                    monitoredFrom = t;
                }
            } else if (!old && n >= 4 * learned) {
                learned = 2 * learned;
            }
            if (learned < 0) {
                continue;
            }
            long[] reference = slice(start, start + learned);
            long x = values.get(t).value();
            double[] upward = ratios(reference, x, 1);
            double[] downward = ratios(reference, x, -1);
            multiply(up, upward);
            multiply(down, downward);
            multiply(upFromLevel, upward == null ? null : ratiosToLevel(reference, x, 1));
            multiply(downFromLevel, downward == null ? null : ratiosToLevel(reference, x, -1));
            double more = sum(up);
            double less = sum(down);
            if (Math.max(more, less) >= threshold) {
                boolean isMore = more >= less;
                int onset = monitoredFrom + argmax(isMore ? upFromLevel : downFromLevel);
                found.add(new Found(isMore, onset, t, learned, Math.log(Math.max(more, less))));
                return t + 1;
            }
        }
        return values.size();
    }

    private boolean isEnough(int start, int t, boolean first) {
        if (metric == ShiftMetric.DEPLOYMENT_FREQUENCY) {
            return t - start >= (first ? 13 : 8);
        }
        return t - start >= 20 && days(values.get(start).begin(), values.get(t).begin()) >= (first ? 90 : 14);
    }

    private static double days(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 86_400_000.0;
    }

    private long[] slice(int from, int to) {
        return values.subList(from, to).stream().mapToLong(MetricValue::value).toArray();
    }

    /** Returns the ratios against the bound; null where the reference leaves no room in this direction. */
    private double @Nullable [] ratios(long[] reference, long x, int sign) {
        return switch (metric) {
            case CHANGE_FAIL_RATE, DEPLOYMENT_REWORK_RATE -> rate(reference, x, sign, 1);
            case DEPLOYMENT_SUCCESS_RATE -> rate(reference, x, sign, 0);
            case CHANGE_LEAD_TIME, FAILED_DEPLOYMENT_RECOVERY_TIME, MEAN_TIME_TO_DEPLOY -> duration(reference, x, sign);
            case DEPLOYMENT_FREQUENCY -> frequency(reference, x, sign);
        };
    }

    /** Returns the ratios against what the reference amounts to. */
    private double[] ratiosToLevel(long[] reference, long x, int sign) {
        int n = reference.length;
        return switch (metric) {
            case CHANGE_FAIL_RATE, DEPLOYMENT_REWORK_RATE -> bernoulli(share(count(reference, 1), n), sign, x == 1);
            case DEPLOYMENT_SUCCESS_RATE -> bernoulli(share(count(reference, 0), n), sign, x == 0);
            case CHANGE_LEAD_TIME, FAILED_DEPLOYMENT_RECOVERY_TIME, MEAN_TIME_TO_DEPLOY -> {
                double median = new Percentile()
                        .withEstimationType(Percentile.EstimationType.R_7)
                        .evaluate(Arrays.stream(reference).asDoubleStream().toArray(), 50);
                yield bernoulli(0.5, 1, sign > 0 ? x > median : x < median);
            }
            case DEPLOYMENT_FREQUENCY -> {
                double mean = Math.max(0.5, (double) Arrays.stream(reference).sum()) / n;
                yield poisson(mean, sign, dispersion(reference), x);
            }
        };
    }

    private static double share(int k, int n) {
        return k == 0 ? 0.5 / n : k == n ? 1 - 0.5 / n : k / (double) n;
    }

    private static int count(long[] values, long wanted) {
        return (int) Arrays.stream(values).filter(value -> value == wanted).count();
    }

    private static double @Nullable [] rate(long[] reference, long x, int sign, long bad) {
        int k = count(reference, bad);
        Interval wilson = Objects.requireNonNull(ConfidenceIntervals.ofRate(k, reference.length));
        if (sign > 0) {
            double p0 = Math.max(wilson.upper(), k == 0 ? 0.05 : 0.01);
            return p0 > 0.9 ? null : bernoulli(p0, sign, x == bad);
        }
        return wilson.lower() < 0.01 ? null : bernoulli(Math.min(wilson.lower(), 0.9), sign, x == bad);
    }

    private static double[] bernoulli(double p0, int sign, boolean hit) {
        var ratios = new double[LOG_ODDS.length];
        for (int j = 0; j < ratios.length; j++) {
            double logit = Math.log(p0 / (1 - p0)) + sign * LOG_ODDS[j];
            double p1 = 1 / (1 + Math.exp(-logit));
            ratios[j] = hit ? p1 / p0 : (1 - p1) / (1 - p0);
        }
        return ratios;
    }

    private static double[] duration(long[] reference, long x, int sign) {
        long[] sorted = reference.clone();
        Arrays.sort(sorted);
        int rank = ConfidenceIntervals.medianRank(sorted.length);
        boolean hit = sign > 0 ? x > sorted[sorted.length - rank] : x < sorted[rank - 1];
        return bernoulli(0.5, 1, hit);
    }

    private static double @Nullable [] frequency(long[] reference, long x, int sign) {
        double phi = dispersion(reference);
        double events = Arrays.stream(reference).sum() / phi;
        double time = reference.length / phi;
        double bound = sign > 0
                ? ConfidenceIntervals.ofFrequency((int) Math.ceil(events), time).upper()
                : ConfidenceIntervals.ofFrequency((int) Math.floor(events), time)
                        .lower();
        return sign < 0 && bound < 0.05 ? null : poisson(bound, sign, phi, x);
    }

    private static double dispersion(long[] counts) {
        double mean = Arrays.stream(counts).average().orElseThrow();
        double variance =
                StatUtils.variance(Arrays.stream(counts).asDoubleStream().toArray());
        return mean == 0 ? 1 : Math.max(1, variance / mean);
    }

    private static double[] poisson(double mean, int sign, double phi, long x) {
        var ratios = new double[LOG_RATES.length];
        double under = new PoissonDistribution(mean).logProbability((int) x);
        for (int j = 0; j < ratios.length; j++) {
            double other = mean * Math.exp(sign * LOG_RATES[j]);
            ratios[j] = Math.exp((new PoissonDistribution(other).logProbability((int) x) - under) / phi);
        }
        return ratios;
    }

    /** Multiplies the products of all starts so far, and begins those of the start at hand. */
    private static void multiply(List<double[]> products, double @Nullable [] ratios) {
        if (ratios == null) {
            products.replaceAll(product -> new double[product.length]);
            products.add(new double[LOG_ODDS.length]);
            return;
        }
        for (double[] product : products) {
            for (int j = 0; j < ratios.length; j++) {
                product[j] *= ratios[j];
            }
        }
        products.add(ratios.clone());
    }

    private static double sum(List<double[]> products) {
        double sum = 0;
        int nodes = 1;
        for (double[] product : products) {
            nodes = product.length;
            for (double each : product) {
                sum += each;
            }
        }
        return sum / nodes;
    }

    /** The start of the greatest product; of equal ones the latest. */
    private static int argmax(List<double[]> products) {
        int best = 0;
        double greatest = -1;
        for (int start = 0; start < products.size(); start++) {
            for (double each : products.get(start)) {
                if (each >= greatest) {
                    greatest = each;
                    best = start;
                }
            }
        }
        return best;
    }
}
