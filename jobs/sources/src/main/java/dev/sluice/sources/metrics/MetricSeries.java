package dev.sluice.sources.metrics;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Points of one series. A push may hold a series several times, as its sender cut it.
 *
 * @param labels what the series is called, {@link #NAME} among them; neither a name nor a value is empty. Sorted by their
 *     names, in the order of {@link String}
 * @param points at least one, in the order in which they were sent
 */
public record MetricSeries(SortedMap<String, String> labels, List<MetricPoint> points) {
    /** The label that holds the name of the metric. */
    public static final String NAME = "__name__";

    public MetricSeries {
        SortedMap<String, String> copy = new TreeMap<>();
        copy.putAll(labels);
        labels = Collections.unmodifiableSortedMap(copy);
        points = List.copyOf(points);
        if (!labels.containsKey(NAME)) {
            throw new IllegalArgumentException("labels must have " + NAME);
        }
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (label.getKey().isEmpty() || label.getValue().isEmpty()) {
                throw new IllegalArgumentException("a label must have a name and a value, is " + label);
            }
        }
        if (points.isEmpty()) {
            throw new IllegalArgumentException("points must not be empty");
        }
    }

    /** Returns the name of the metric. */
    public String name() {
        return labels.getOrDefault(NAME, "");
    }
}
