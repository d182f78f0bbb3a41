package dev.sluice.kayenta;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The values of a metric in both arms, of series with the same tags.
 *
 * @param name of the metric
 * @param baseline one value of each step of time, NaN where there is none; Kayenta calls it the control
 * @param canary the same of the canary, maybe of more or fewer steps; Kayenta calls it the experiment
 */
public record MetricPair(String name, List<Double> baseline, List<Double> canary) {
    public MetricPair {
        requireNonNull(name, "name");
        baseline = List.copyOf(baseline);
        canary = List.copyOf(canary);
    }
}
