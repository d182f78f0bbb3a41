package dev.sluice.sources.metrics.pull;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * An expression that is evaluated at each step of a range of time.
 *
 * @param text the expression, in the source's own language
 * @param from the first step, cut to the millisecond
 * @param to the last step at most, cut to the millisecond, not before {@code from}
 * @param step from one step to the next, whole milliseconds
 */
public record RangeQuery(String text, Instant from, Instant to, Duration step) {
    public RangeQuery {
        if (text.isBlank()) {
            throw new IllegalArgumentException("text must not be blank");
        }
        from = from.truncatedTo(ChronoUnit.MILLIS);
        to = to.truncatedTo(ChronoUnit.MILLIS);
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to must not be before from, is " + to + ", from is " + from);
        }
        if (step.toMillis() < 1 || !step.equals(Duration.ofMillis(step.toMillis()))) {
            throw new IllegalArgumentException("step must be whole milliseconds, at least one, is " + step);
        }
        if (Duration.between(from, to).toMillis() / step.toMillis() >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("there are too many steps of " + step + " from " + from + " to " + to);
        }
    }

    /** Returns how many steps there are. */
    public int steps() {
        return (int) (Duration.between(from, to).toMillis() / step.toMillis()) + 1;
    }

    /** Returns the same as queries of some steps each, in the order of time. */
    List<RangeQuery> parts(int mostSteps) {
        var parts = new ArrayList<RangeQuery>();
        for (long first = 0; first < steps(); first += mostSteps) {
            long last = Math.min(first + mostSteps, steps()) - 1;
            parts.add(new RangeQuery(text, at(first), at(last), step));
        }
        return parts;
    }

    private Instant at(long number) {
        return from.plus(step.multipliedBy(number));
    }

    /** Returns which step is the nearest to a time, as some sources move all steps to round times; -1 if none is within a step. */
    int nearest(Instant time) {
        long step = step().toMillis();
        long number = Math.floorDiv(Duration.between(from, time).toMillis() + step / 2, step);
        return number >= 0 && number < steps() ? (int) number : -1;
    }
}
