package dev.sluice.sources.metrics.pull;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an expression is at each step of a range of time.
 *
 * @param labels what the series is called; none if the expression has left none
 * @param values one of each step, in the order of time; NaN where there is none
 */
public record RangeSeries(SortedMap<String, String> labels, List<Double> values) {
    public RangeSeries {
        SortedMap<String, String> copy = new TreeMap<>();
        copy.putAll(labels);
        labels = Collections.unmodifiableSortedMap(copy);
        values = List.copyOf(values);
    }
}
