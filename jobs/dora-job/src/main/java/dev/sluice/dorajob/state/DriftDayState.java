package dev.sluice.dorajob.state;

import dev.sluice.dora.DriftDay;
import dev.sluice.dora.DriftStanding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link DriftDay}, flat. */
public record DriftDayState(@Nullable DriftStandingState before, List<DriftRowState> rows) {

    /** Returns the flat form. */
    public static DriftDayState of(DriftDay day) {
        DriftStanding before = day.before();
        return new DriftDayState(
                before == null ? null : DriftStandingState.of(before),
                day.rows().stream().map(DriftRowState::of).toList());
    }

    /** Returns the domain's form. */
    public DriftDay toDomain() {
        return new DriftDay(
                before == null ? null : before.toDomain(),
                rows.stream().map(DriftRowState::toDomain).toList());
    }
}
