package dev.sluice.dorajob.state;

import dev.sluice.shift.Stretch;
import java.time.Instant;

/** A {@link Stretch}, flat. */
public record StretchState(Instant begin, long day, int index, int count) {

    /** Returns the flat form. */
    static StretchState of(Stretch stretch) {
        return new StretchState(stretch.begin(), stretch.day(), stretch.index(), stretch.count());
    }

    /** Returns the domain's form. */
    Stretch toDomain() {
        return new Stretch(begin, day, index, count);
    }
}
