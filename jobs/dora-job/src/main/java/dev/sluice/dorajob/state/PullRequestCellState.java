package dev.sluice.dorajob.state;

import dev.sluice.dora.PullRequestCell;

/** A {@link PullRequestCell}, flat. */
public record PullRequestCellState(
        long[] leadTimes,
        long codingMs,
        long pickupMs,
        long reviewMs,
        long deployMs,
        int withoutCommits,
        int clockSkew,
        int deployedBeforeMerge) {

    /** Returns the flat form. */
    public static PullRequestCellState of(PullRequestCell cell) {
        return new PullRequestCellState(
                cell.leadTimes(),
                cell.codingMs(),
                cell.pickupMs(),
                cell.reviewMs(),
                cell.deployMs(),
                cell.withoutCommits(),
                cell.clockSkew(),
                cell.deployedBeforeMerge());
    }

    /** Returns the domain's form. */
    public PullRequestCell toDomain() {
        return new PullRequestCell(
                leadTimes, codingMs, pickupMs, reviewMs, deployMs, withoutCommits, clockSkew, deployedBeforeMerge);
    }
}
