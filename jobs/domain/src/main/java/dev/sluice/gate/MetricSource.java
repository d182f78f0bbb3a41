package dev.sluice.gate;

import dev.sluice.dora.DoraRow;

/** Looks metrics up in what is known of a service. */
@FunctionalInterface
public interface MetricSource {
    /**
     * Returns what the metric amounts to over the window.
     *
     * @param metric which one
     * @param windowDays length of the window in days
     * @param row the metrics of the service in its environment
     */
    Measurement measure(GateMetric metric, int windowDays, DoraRow row);
}
