package dev.sluice.dorajob.state;

import dev.sluice.shift.Reference;
import org.jspecify.annotations.Nullable;

/** A {@link Reference}, flat. */
public record ShiftReferenceState(
        LevelState level,
        @Nullable Double moreThan,
        @Nullable Double lessThan,
        double dispersion) {

    /** Returns the flat form. */
    static ShiftReferenceState of(Reference reference) {
        return new ShiftReferenceState(
                LevelState.of(reference.level()), reference.moreThan(), reference.lessThan(), reference.dispersion());
    }

    /** Returns the domain's form. */
    Reference toDomain() {
        return new Reference(level.toDomain(), moreThan, lessThan, dispersion);
    }
}
