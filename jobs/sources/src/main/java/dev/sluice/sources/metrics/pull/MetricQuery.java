package dev.sluice.sources.metrics.pull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is asked of a source of metrics.
 *
 * @param text which series, in the source's own language
 * @param from the time of the first point, cut to the millisecond
 * @param to the time of the last point at most, cut to the millisecond, not before {@code from}
 */
public record MetricQuery(String text, Instant from, Instant to) {
    public MetricQuery {
        if (text.isBlank()) {
            throw new IllegalArgumentException("text must not be blank");
        }
        from = from.truncatedTo(ChronoUnit.MILLIS);
        to = to.truncatedTo(ChronoUnit.MILLIS);
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to must not be before from, is " + to + ", from is " + from);
        }
    }
}
