package dev.sluice.dorajob.state;

import dev.sluice.shift.Direction;
import dev.sluice.shift.Shift;
import dev.sluice.shift.ShiftMetric;
import java.time.Instant;

/** A {@link Shift}, flat. */
public record ShiftState(
        ShiftMetric metric,
        Direction direction,
        Instant began,
        Instant detected,
        LevelState before,
        LevelState after,
        double logEvidence) {

    /** Returns the flat form. */
    public static ShiftState of(Shift shift) {
        return new ShiftState(
                shift.metric(),
                shift.direction(),
                shift.began(),
                shift.detected(),
                LevelState.of(shift.before()),
                LevelState.of(shift.after()),
                shift.logEvidence());
    }

    /** Returns the domain's form. */
    public Shift toDomain() {
        return new Shift(metric, direction, began, detected, before.toDomain(), after.toDomain(), logEvidence);
    }
}
