package dev.sluice.shift;

import org.jspecify.annotations.Nullable;

/**
 * How values are compared with the reference in one direction. The evidence is measured from the reference's bound, so that
 * chance is not taken for a shift; the onset is measured from its level, which is where values most likely were. From the
 * bound it would seem later than it is: for a fail rate that goes from 15 % to 30 %, with a reference of 90 values, the
 * median error of the onset would be 48 values instead of 18.
 *
 * @param toBound what a value says against the bound
 * @param toLevel what it says against the level
 */
record Comparison(Alternatives toBound, Alternatives toLevel) {
    /** A median parts the values into halves. */
    private static final double HALF = 0.5;
    /** As if half of an event had been seen where none was, or all but half of one where all were. */
    private static final double HALF_AN_EVENT = 0.5;

    static @Nullable Comparison ofMore(ShiftMetric metric, Reference reference) {
        return of(metric, reference, reference.moreThan(), 1);
    }

    static @Nullable Comparison ofLess(ShiftMetric metric, Reference reference) {
        return of(metric, reference, reference.lessThan(), -1);
    }

    private static @Nullable Comparison of(ShiftMetric metric, Reference reference, @Nullable Double bound, int sign) {
        return bound == null
                ? null
                : new Comparison(
                        alternatives(metric, bound, sign, reference.dispersion()),
                        alternatives(metric, level(metric, reference.level()), sign, reference.dispersion()));
    }

    private static Alternatives alternatives(ShiftMetric metric, double from, int sign, double dispersion) {
        return switch (metric.kind()) {
            case RATE -> Alternatives.toShare(from, sign, metric::isBad);
            case DURATION -> Alternatives.toShare(HALF, 1, value -> sign > 0 ? value > from : value < from);
            case FREQUENCY -> Alternatives.toMean(from, sign, dispersion);
        };
    }

    /** The level in the unit of the bounds. */
    private static double level(ShiftMetric metric, Level level) {
        double least = HALF_AN_EVENT / level.n();
        return switch (metric.kind()) {
            case RATE -> {
                double bad = metric.isBad(1) ? level.value() : 1 - level.value();
                yield Math.min(1 - least, Math.max(least, bad));
            }
            case DURATION -> level.value();
            case FREQUENCY -> Math.max(least, level.value());
        };
    }

    /** Adds a value to the evidence. */
    Evidence add(Evidence evidence, MetricValue value) {
        return evidence.plus(toBound.of(value.value()), toLevel.of(value.value()), value.begin());
    }
}
