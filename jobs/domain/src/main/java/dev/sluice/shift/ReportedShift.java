package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A shift as it was published. It stays when a correction withdraws it.
 *
 * @param shift what was published last
 * @param reportedAt progress at which it was published first
 * @param withdrawnAt progress at which it was withdrawn; null while it stands
 * @param movedTo the onset of the shift that says it better: one of the same metric and direction that overlaps it; null
 *     while it stands, or where the correction left none
 */
public record ReportedShift(
        Shift shift,
        Instant reportedAt,
        @Nullable Instant withdrawnAt,
        @Nullable Instant movedTo) {
    public ReportedShift {
        requireNonNull(shift, "shift");
        requireNonNull(reportedAt, "reportedAt");
        if (movedTo != null && withdrawnAt == null) {
            throw new IllegalArgumentException("moved, but not withdrawn: " + shift);
        }
    }

    /** Returns whether it has not been withdrawn. */
    public boolean stands() {
        return withdrawnAt == null;
    }
}
