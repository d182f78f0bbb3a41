package dev.sluice.dorajob.state;

import dev.sluice.dora.DriftCell;

/** A {@link DriftCell}, flat. */
public record DriftCellState(long observedMs, long driftedMs, int checks, int episodes, long[] reconcileTimes) {

    /** Returns the flat form. */
    public static DriftCellState of(DriftCell cell) {
        return new DriftCellState(
                cell.observedMs(), cell.driftedMs(), cell.checks(), cell.episodes(), cell.reconcileTimes());
    }

    /** Returns the domain's form. */
    public DriftCell toDomain() {
        return new DriftCell(observedMs, driftedMs, checks, episodes, reconcileTimes);
    }
}
