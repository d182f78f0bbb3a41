package dev.sluice.dorajob.state;

import dev.sluice.dora.FailureCell;

/** A {@link FailureCell}, flat. */
public record FailureCellState(
        int counted,
        int failed,
        int linkedByTime,
        int failedWithinDay,
        int failedWithinThreeDays,
        int failedWithinWeek,
        long lastCounted,
        int unattributed,
        int notChangeCaused,
        int clockSkew,
        long[] recoveries,
        long[] lifetimes,
        long[] incidents) {

    /** Returns the flat form. */
    public static FailureCellState of(FailureCell cell) {
        return new FailureCellState(
                cell.counted(),
                cell.failed(),
                cell.linkedByTime(),
                cell.failedWithinDay(),
                cell.failedWithinThreeDays(),
                cell.failedWithinWeek(),
                cell.lastCounted(),
                cell.unattributed(),
                cell.notChangeCaused(),
                cell.clockSkew(),
                cell.recoveries(),
                cell.lifetimes(),
                cell.incidents());
    }

    /** Returns the domain's form. */
    public FailureCell toDomain() {
        return new FailureCell(
                counted,
                failed,
                linkedByTime,
                failedWithinDay,
                failedWithinThreeDays,
                failedWithinWeek,
                lastCounted,
                unattributed,
                notChangeCaused,
                clockSkew,
                recoveries,
                lifetimes,
                incidents);
    }
}
