package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one series of a metric said at one time. There is one for each (metric, arm, series, part, time): a second one is the same
 * again.
 *
 * @param metric the metric's name in the config
 * @param arm which side it is of
 * @param series what tells it from others of the arm
 * @param at when; of counts the end of what they count
 * @param start of counts that grow since their series began, when that was, which is before {@code at}; null where it is not known
 * @param measure what it said
 */
public record SamplePoint(
        String metric,
        Arm arm,
        Series series,
        Instant at,
        @Nullable Instant start,
        Measure measure) {
    public SamplePoint {
        requireNonNull(metric, "metric");
        requireNonNull(arm, "arm");
        requireNonNull(series, "series");
        requireNonNull(at, "at");
        requireNonNull(measure, "measure");
        if (start != null && !(measure.isContainedInLater() && start.isBefore(at))) {
            throw new IllegalArgumentException("start " + start + " of what was counted until " + at);
        }
    }

    /** A point of which it is not known since when it counts. */
    public SamplePoint(String metric, Arm arm, Series series, Instant at, Measure measure) {
        this(metric, arm, series, at, null, measure);
    }

    /** Returns what the point is of, e.g. {@code BASELINE/pod="a"}; of a part of a measure with which one, e.g. {@code /le=0.5}. */
    public String seriesKey() {
        String key = arm + "/" + series.labels();
        return measure instanceof Measure.Part part ? key + "/" + part.name() : key;
    }

    /**
     * Returns what is read at once: the target of a pod; where pods are not known the series, of a histogram without the bound.
     */
    public String targetKey() {
        if (!series.pod().isEmpty()) {
            return arm + "/" + series.pod() + "/" + series.target();
        }
        boolean isOfHistogram = measure instanceof Measure.Part part && part.role() == Measure.Part.Role.UP_TO;
        return "/" + (isOfHistogram ? arm + "/" + series.ofHistogram().labels() : seriesKey());
    }
}
