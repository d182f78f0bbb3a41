package dev.sluice.dorajob.state;

import dev.sluice.shift.Level;
import dev.sluice.statistics.Interval;
import org.jspecify.annotations.Nullable;

/** A {@link Level}, flat. */
public record LevelState(
        int n,
        double value,
        @Nullable Double lower,
        @Nullable Double upper) {

    /** Returns the flat form. */
    public static LevelState of(Level level) {
        Interval interval = level.interval();
        return new LevelState(
                level.n(),
                level.value(),
                interval == null ? null : Double.valueOf(interval.lower()),
                interval == null ? null : Double.valueOf(interval.upper()));
    }

    /** Returns the domain's form. */
    public Level toDomain() {
        return new Level(n, value, lower == null || upper == null ? null : new Interval(lower, upper));
    }
}
