package dev.sluice.dorajob.state;

import dev.sluice.dora.DriftRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link DriftRow}, flat. */
public record DriftRowState(
        Instant at,
        String checkId,
        String detector,
        boolean drifted,
        @Nullable String fingerprint,
        @Nullable Long intervalMs,
        Instant until,
        boolean open,
        boolean opens,
        @Nullable Long reconcileMs) {

    /** Returns the flat form. */
    public static DriftRowState of(DriftRow row) {
        return new DriftRowState(
                row.at(),
                row.checkId(),
                row.detector(),
                row.drifted(),
                row.fingerprint(),
                row.intervalMs(),
                row.until(),
                row.open(),
                row.opens(),
                row.reconcileMs());
    }

    /** Returns the domain's form. */
    public DriftRow toDomain() {
        return new DriftRow(at, checkId, detector, drifted, fingerprint, intervalMs, until, open, opens, reconcileMs);
    }
}
