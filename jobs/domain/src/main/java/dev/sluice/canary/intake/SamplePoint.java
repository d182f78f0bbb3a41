package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What one series of a metric said at one time. There is one for each (metric, arm, series, time): a second one is the same
 * again.
 *
 * @param metric the metric's name in the config
 * @param arm which side it is of
 * @param series what tells it from others of the arm, e.g. the pod; empty for the only one
 * @param at when; of counts the end of what they count
 * @param measure what it said
 */
public record SamplePoint(String metric, Arm arm, String series, Instant at, Measure measure) {
    public SamplePoint {
        requireNonNull(metric, "metric");
        requireNonNull(arm, "arm");
        requireNonNull(series, "series");
        requireNonNull(at, "at");
        requireNonNull(measure, "measure");
    }
}
