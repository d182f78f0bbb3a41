package dev.sluice.kayenta;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a point without a number is. */
public enum NanStrategy {
    /** It is not there. */
    REMOVE,
    /** It is 0. */
    REPLACE;

    /**
     * Returns the strategy that configs spell so.
     *
     * @param word {@code remove} or {@code replace}; any other word, and none, is {@link #REMOVE}
     */
    public static NanStrategy ofWord(@Nullable String word) {
        return "replace".equals(word) ? REPLACE : REMOVE;
    }

    double[] apply(List<Double> values) {
        var stream = values.stream().mapToDouble(Double::doubleValue);
        return switch (this) {
            case REMOVE -> stream.filter(value -> !Double.isNaN(value)).toArray();
            case REPLACE -> stream.map(value -> Double.isNaN(value) ? 0 : value).toArray();
        };
    }
}
