package dev.sluice.sources.metrics.otlp;

import dev.sluice.sources.metrics.MetricSeries;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a metrics export says.
 *
 * @param series a series for each data point, in the order in which they were sent
 * @param leftOut how many data points are left out for which reason; reasons without any are absent. Their number is what a
 *     partial success has to tell
 */
public record OtlpMetricsPush(List<MetricSeries> series, Map<LeftOut, Integer> leftOut) {
    public OtlpMetricsPush {
        series = List.copyOf(series);
        var copy = new EnumMap<LeftOut, Integer>(LeftOut.class);
        copy.putAll(leftOut);
        leftOut = Collections.unmodifiableMap(copy);
    }

    /** Returns how many data points are left out. */
    public int rejected() {
        return leftOut.values().stream().mapToInt(Integer::intValue).sum();
    }
}
