package dev.sluice.dorajob.state;

import dev.sluice.dora.Failure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Failure}, flat. */
public record FailureState(
        List<Failure.Rule> rules,
        @Nullable Long distanceMs,
        Instant startedAt,
        @Nullable Instant restoredAt) {

    /** Returns the flat form. */
    public static FailureState of(Failure failure) {
        return new FailureState(failure.rules(), failure.distanceMs(), failure.startedAt(), failure.restoredAt());
    }

    /** Returns the domain's form. */
    public Failure toDomain() {
        return new Failure(rules, distanceMs, startedAt, restoredAt);
    }
}
