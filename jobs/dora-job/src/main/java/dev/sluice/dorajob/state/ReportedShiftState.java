package dev.sluice.dorajob.state;

import dev.sluice.shift.ReportedShift;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link ReportedShift}, flat. */
public record ReportedShiftState(
        ShiftState shift,
        Instant reportedAt,
        @Nullable Instant withdrawnAt,
        @Nullable Instant movedTo) {

    /** Returns the flat form. */
    public static ReportedShiftState of(ReportedShift reported) {
        return new ReportedShiftState(
                ShiftState.of(reported.shift()), reported.reportedAt(), reported.withdrawnAt(), reported.movedTo());
    }

    /** Returns the domain's form. */
    public ReportedShift toDomain() {
        return new ReportedShift(shift.toDomain(), reportedAt, withdrawnAt, movedTo);
    }
}
