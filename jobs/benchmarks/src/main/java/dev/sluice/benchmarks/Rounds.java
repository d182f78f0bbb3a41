package dev.sluice.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Values of the same thing, measured several times in one run.
 *
 * @param values at least one
 */
record Rounds(List<Double> values) {
    Rounds {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one round");
        }
    }

    /**
     * Takes a value from each of several measurements.
     *
     * @param measured the measurements
     * @param value what is taken
     */
    static <T> Rounds of(List<T> measured, ToDoubleFunction<T> value) {
        return new Rounds(measured.stream().mapToDouble(value).boxed().toList());
    }

    /** Returns the middle value; of an even number the mean of the two in the middle. */
    double median() {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Returns the median of this by the median of the other. */
    double ratioTo(Rounds other) {
        return median() / other.median();
    }
}
