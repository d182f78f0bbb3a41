package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The values since the last shift was reported, or since the first value of all.
 *
 * @param begin when its first value began
 * @param day the day on which that one is kept
 * @param index its place among the values of that day, from 0
 * @param count how many values it has so far
 */
public record Stretch(Instant begin, long day, int index, int count) {
    public Stretch {
        requireNonNull(begin, "begin");
        if (index < 0 || count < 1) {
            throw new IllegalArgumentException(count + " values from index " + index);
        }
    }

    Stretch plusOne() {
        return new Stretch(begin, day, index, count + 1);
    }
}
