package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import dev.sluice.shift.ShiftMetric.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lasting changes of one metric in the order of its values: an e-detector of Shiryaev-Roberts type for each
 * direction. What it finds is a function of the ordered values; in which order they arrived plays no part.
 *
 * <p><b>Statistic.</b> For alternatives j = 1..J to the reference, M_j becomes (M_j + 1) LR_j(x) with each value x, and M =
 * mean of the M_j; see {@link Alternatives} for the ratios. M is the sum, over all moments at which a shift may have begun,
 * of the likelihood ratio of the values since. A shift is reported as soon as M reaches the threshold A.
 *
 * <ul>
 *   <li>Rates: Bernoulli(p0), p0 an end of Wilson's interval of the reference, for the bad outcome.
 *   <li>Durations: a value is a hit if it is above (below) the upper (lower) end of the order-statistic interval of the
 *       reference's median, p0 = 1/2. It assumes nothing of the distribution.
 *   <li>Frequencies: Poisson(l0) counts of whole weeks, l0 an end of Garwood's interval of the reference, tempered by the
 *       dispersion of its weeks.
 * </ul>
 *
 * <p><b>Error bound.</b> While the metric does not change, the average number of values up to a report of one direction is
 * at least A, so up to one of either direction at least A / 2: M - t is a supermartingale, hence E[T] &gt;= E[M_T] &gt;= A.
 * It is enough that, given the past, a hit is at most (for less: at least) as probable as p0; values need not be alike.
 * What it needs is that the reference's bound is on the safe side, which holds for 39 of 40 references and direction
 * (so a little less often after it has grown a few times), and that failures do not come in clusters.
 *
 * <p><b>Reference.</b> It is learned from the first values of a stretch: those of 90 days, at least 20; after a report
 * those of 14 days, at least 20; for frequencies 13 weeks, after a report 8. While it is learned nothing is reported. It
 * grows to its double whenever the stretch has four times as many values, so it never holds more than the stretch's older
 * half. After a report a new stretch begins with the next value. The values from the onset to the report do not belong to
 * it: they were selected for being extreme, and a reference from them would take the return to normal for the next shift.
 *
 * <p>Nothing older than {@value #MEMORY_DAYS} days before a value is looked at again, apart from the state. Source: J. Shin,
 * A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", New England Journal of
 * Statistics in Data Science 2 (2024), https://doi.org/10.51387/23-NEJSDS51; the statistic is by Shiryaev (1963) and
 * Roberts (1966).
 */
public final class ShiftDetector {
    /** The threshold A where none is given. */
    public static final double DEFAULT_THRESHOLD = 200;
    /** For how many days before a value others may still be looked at. */
    public static final int MEMORY_DAYS = 400;

    /** From fewer values than this the intervals are so wide that hardly any shift would be outside. */
    private static final int LEAST_VALUES = 20;

    private static final Duration LEAST_TIME = Duration.ofDays(90);
    private static final Duration LEAST_TIME_AFTER_A_SHIFT = Duration.ofDays(14);
    private static final int LEAST_WEEKS = 13;
    private static final int LEAST_WEEKS_AFTER_A_SHIFT = 8;
    private static final int GROWS_AT = 4;
    private static final int GROWS_BY = 2;

    private final ShiftMetric metric;
    private final double threshold;

    /**
     * Creates the detector of a metric.
     *
     * @param metric what the values are
     * @param threshold A, above 1: the least average run length of each direction, in values
     */
    public ShiftDetector(ShiftMetric metric, double threshold) {
        requireNonNull(metric, "metric");
        if (!(threshold > 1)) {
            throw new IllegalArgumentException("threshold " + threshold);
        }
        this.metric = metric;
        this.threshold = threshold;
    }

    ShiftMetric metric() {
        return metric;
    }

    /**
     * What came of some values.
     *
     * @param state what is known after them
     * @param shifts what was detected in them, in order
     */
    public record Outcome(DetectorState state, List<Shift> shifts) {
        public Outcome {
            requireNonNull(state, "state");
            shifts = List.copyOf(shifts);
        }
    }

    /** Returns all shifts of a series, from its first value on. */
    public List<Shift> shifts(MetricValues all) {
        return resume(DetectorState.INITIAL, all, Long.MIN_VALUE, Long.MAX_VALUE)
                .shifts();
    }

    /**
     * Goes on with the values of some days.
     *
     * @param before what is known after all values of earlier days
     * @param all the values; those of earlier days are looked at where a reference is made
     * @param from the first day (UTC, days since the epoch)
     * @param to the day after the last one
     */
    public Outcome resume(DetectorState before, MetricValues all, long from, long to) {
        var run = new Run(before, all);
        for (long day : all.days()) {
            if (day >= from && day < to) {
                run.add(day, all.on(day));
            }
        }
        return run.outcome();
    }

    /** The state while values are added. */
    private final class Run {
        private final MetricValues all;
        private final List<Shift> shifts = new ArrayList<>();
        private @Nullable Stretch stretch;
        private boolean renewed;
        private @Nullable Reference reference;
        private @Nullable Comparison ofMore;
        private @Nullable Comparison ofLess;
        private Evidence more;
        private Evidence less;
        private Instant last = Instant.MIN;

        Run(DetectorState state, MetricValues all) {
            this.all = all;
            this.stretch = state.stretch();
            this.renewed = state.renewed();
            this.more = state.more();
            this.less = state.less();
            if (state.reference() != null) {
                compareWith(state.reference());
            }
        }

        Outcome outcome() {
            return new Outcome(new DetectorState(stretch, renewed, reference, more, less), shifts);
        }

        void add(long day, List<MetricValue> values) {
            for (int index = 0; index < values.size(); index++) {
                MetricValue value = values.get(index);
                if (!metric.kind().allows(value.value())) {
                    throw new IllegalArgumentException(metric + " cannot be " + value.value());
                }
                if (value.day() != day || value.end().isBefore(last)) {
                    throw new IllegalArgumentException(value + " is out of order on day " + day);
                }
                last = value.end();
                add(day, index, value);
            }
        }

        private void add(long day, int index, MetricValue value) {
            learn(value);
            stretch = stretch == null ? new Stretch(value.begin(), day, index, 1) : stretch.plusOne();
            if (reference == null) {
                return;
            }
            more = ofMore == null ? Evidence.NONE : ofMore.add(more, value);
            less = ofLess == null ? Evidence.NONE : ofLess.add(less, value);
            boolean greater = more.statistic() >= less.statistic();
            Evidence greatest = greater ? more : less;
            if (greatest.statistic() >= threshold) {
                report(greater ? metric.ofMore() : metric.ofMore().opposite(), greatest, day, index, value);
            }
        }

        /** Makes a reference of the values before this one where it is time to. */
        private void learn(MetricValue next) {
            Stretch soFar = stretch;
            if (soFar == null) {
                return;
            }
            boolean remembered = !soFar.begin().isBefore(next.begin().minus(Duration.ofDays(MEMORY_DAYS)));
            if (reference == null) {
                if (!remembered) {
                    stretch = null; // too few values in so long a time
                } else if (isEnough(soFar, next)) {
                    compareWith(Reference.of(metric, first(soFar.count(), soFar)));
                }
            } else if (remembered
                    && soFar.count() >= GROWS_AT * reference.level().n()) {
                compareWith(
                        Reference.of(metric, first(GROWS_BY * reference.level().n(), soFar)));
            }
        }

        private boolean isEnough(Stretch soFar, MetricValue next) {
            if (metric.kind() == Kind.FREQUENCY) {
                return soFar.count() >= (renewed ? LEAST_WEEKS_AFTER_A_SHIFT : LEAST_WEEKS);
            }
            Duration least = renewed ? LEAST_TIME_AFTER_A_SHIFT : LEAST_TIME;
            return soFar.count() >= LEAST_VALUES
                    && !next.begin().isBefore(soFar.begin().plus(least));
        }

        private void compareWith(Reference known) {
            reference = known;
            ofMore = Comparison.ofMore(metric, known);
            ofLess = Comparison.ofLess(metric, known);
        }

        private void report(Direction direction, Evidence evidence, long day, int index, MetricValue value) {
            NodeState onset = evidence.likeliest();
            shifts.add(new Shift(
                    metric,
                    direction,
                    requireNonNull(onset.since()),
                    value.end(),
                    requireNonNull(reference).level(),
                    Level.of(metric, last(onset.length(), day, index)),
                    StrictMath.log(evidence.statistic())));
            stretch = null;
            renewed = true;
            reference = null;
            more = Evidence.NONE;
            less = Evidence.NONE;
        }

        /** Returns the first n values of a stretch. */
        private long[] first(int n, Stretch of) {
            var values = new long[n];
            int found = 0;
            long[] days = all.days();
            int first = Arrays.binarySearch(days, of.day());
            if (first < 0) {
                throw new IllegalStateException("the values of day " + of.day() + " are not kept");
            }
            for (int at = first; found < n; at++) {
                List<MetricValue> onDay = all.on(days[at]);
                int from = days[at] == of.day() ? of.index() : 0;
                for (int i = from; i < onDay.size() && found < n; i++) {
                    values[found++] = onDay.get(i).value();
                }
            }
            return values;
        }

        /** Returns the n values up to one, fewer where they would go back further than the memory. */
        private long[] last(int n, long day, int index) {
            var values = new long[n];
            int found = 0;
            long[] days = all.days();
            for (int at = Arrays.binarySearch(days, day); at >= 0 && days[at] > day - MEMORY_DAYS && found < n; at--) {
                List<MetricValue> onDay = all.on(days[at]);
                int from = days[at] == day ? index : onDay.size() - 1;
                for (int i = from; i >= 0 && found < n; i--) {
                    values[found++] = onDay.get(i).value();
                }
            }
            return Arrays.copyOf(values, found);
        }
    }
}
