package dev.sluice.dorajob.state;

import dev.sluice.dora.DayCell;

/** A {@link DayCell}, flat. */
public record DayCellState(
        String zone,
        int success,
        int failure,
        int cancelled,
        int skipped,
        int timedOut,
        int forward,
        int config,
        int rollback,
        int redeploy,
        int rework,
        int clockSkew,
        int rangeIncomplete,
        int withoutStart,
        long[] changeEnds,
        long[] changeDays,
        long[] leadTimes,
        long[] deployTimes,
        long[] queueTimes,
        long[] timesToSuccess,
        PullRequestCellState pullRequests,
        FailureCellState failures) {

    /** Returns the flat form. */
    public static DayCellState of(DayCell cell) {
        return new DayCellState(
                cell.zone(),
                cell.success(),
                cell.failure(),
                cell.cancelled(),
                cell.skipped(),
                cell.timedOut(),
                cell.forward(),
                cell.config(),
                cell.rollback(),
                cell.redeploy(),
                cell.rework(),
                cell.clockSkew(),
                cell.rangeIncomplete(),
                cell.withoutStart(),
                cell.changeEnds(),
                cell.changeDays(),
                cell.leadTimes(),
                cell.deployTimes(),
                cell.queueTimes(),
                cell.timesToSuccess(),
                PullRequestCellState.of(cell.pullRequests()),
                FailureCellState.of(cell.failures()));
    }

    /** Returns the domain's form. */
    public DayCell toDomain() {
        return new DayCell(
                zone,
                success,
                failure,
                cancelled,
                skipped,
                timedOut,
                forward,
                config,
                rollback,
                redeploy,
                rework,
                clockSkew,
                rangeIncomplete,
                withoutStart,
                changeEnds,
                changeDays,
                leadTimes,
                deployTimes,
                queueTimes,
                timesToSuccess,
                pullRequests.toDomain(),
                failures.toDomain());
    }
}
