package dev.sluice.kayenta;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of values far from the others of their arm. A value is an outlier if it is strictly outside of
 *
 * <pre>[min(P1, Q1 - factor * (Q3 - Q1)), max(P99, Q3 + factor * (Q3 - Q1))]</pre>
 *
 * which are Tukey's fences, widened to the first and the last percentile; percentiles are interpolated linearly (R-7 of
 * Hyndman and Fan, 1996). A short burst of errors is an outlier, too.
 *
 * @param strategy whether outliers are kept
 * @param factor how many interquartile ranges the fences are away, above 0; counts only where outliers are removed
 */
public record Outliers(Strategy strategy, double factor) {
    /** The factor where none is given. */
    public static final double DEFAULT_FACTOR = 3;
    /** Where nothing is said of outliers. */
    public static final Outliers KEPT = new Outliers(Strategy.KEEP, DEFAULT_FACTOR);

    private static final double FIRST_PERCENTILE = 1;
    private static final double LOWER_QUARTILE = 25;
    private static final double UPPER_QUARTILE = 75;
    private static final double LAST_PERCENTILE = 99;

    public Outliers {
        requireNonNull(strategy, "strategy");
        if (strategy == Strategy.REMOVE && !(factor > 0)) {
            throw new IllegalArgumentException("the factor of outliers must be above 0, it is " + factor);
        }
    }

    double[] apply(double[] values) {
        if (strategy == Strategy.KEEP || values.length == 0) {
            return values;
        }
        var percentiles = new Percentile().withEstimationType(EstimationType.R_7);
        percentiles.setData(values);
        double q1 = percentiles.evaluate(LOWER_QUARTILE);
        double q3 = percentiles.evaluate(UPPER_QUARTILE);
        double reach = factor * (q3 - q1);
        double lower = Math.min(percentiles.evaluate(FIRST_PERCENTILE), q1 - reach);
        double upper = Math.max(percentiles.evaluate(LAST_PERCENTILE), q3 + reach);
        return Arrays.stream(values)
                .filter(value -> !(value < lower || value > upper))
                .toArray();
    }

    /** Whether outliers are kept. */
    public enum Strategy {
        /** They are values like others. */
        KEEP,
        /** They are left out. */
        REMOVE;

        /**
         * Returns the strategy that configs spell so.
         *
         * @param word {@code keep} or {@code remove}; any other word, and none, is {@link #KEEP}
         */
        public static Strategy ofWord(@Nullable String word) {
            return "remove".equals(word) ? REMOVE : KEEP;
        }
    }
}
