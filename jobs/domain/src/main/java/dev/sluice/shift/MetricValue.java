package dev.sluice.shift;

import java.time.Duration;
import java.time.Instant;

/**
 * One value of a metric.
 *
 * @param begin when what it measures began: the start of the week for a frequency, otherwise the same as {@code end}
 * @param end when it was known: the end of the week, otherwise the moment at which the metric counts it
 * @param value what {@link ShiftMetric} says: 0 or 1, milliseconds, or a count
 */
public record MetricValue(Instant begin, Instant end, long value) {
    private static final long MILLIS_PER_DAY = Duration.ofDays(1).toMillis();

    public MetricValue {
        if (begin.isAfter(end)) {
            throw new IllegalArgumentException("begins at " + begin + ", after its end at " + end);
        }
    }

    /** Creates the value of a moment. */
    public static MetricValue at(Instant moment, long value) {
        return new MetricValue(moment, moment, value);
    }

    /** Returns the day (UTC, days since the epoch) on which it is kept. */
    public long day() {
        return Math.floorDiv(end.toEpochMilli(), MILLIS_PER_DAY);
    }
}
