package dev.sluice.dorajob;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.delivery.Table;
import dev.sluice.dora.AttemptKey;
import dev.sluice.dora.AttemptRow;
import dev.sluice.dora.DayCell;
import dev.sluice.dora.DriftTables;
import dev.sluice.dora.FailureTables;
import dev.sluice.dora.LedgerTables;
import dev.sluice.dora.Owned;
import dev.sluice.dora.OwnedRange;
import dev.sluice.dorajob.state.AttemptKeyState;
import dev.sluice.dorajob.state.AttemptRowState;
import dev.sluice.dorajob.state.DayCellState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.OwnedCommitState;
import dev.sluice.dorajob.state.OwnedPullRequestState;
import dev.sluice.dorajob.state.OwnedRangeState;
import dev.sluice.shift.ShiftTables;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The tables of a ledger in keyed state.
 *
 * @param observations see {@link LedgerTables#observations()}
 * @param open see {@link LedgerTables#open()}
 * @param dayOf see {@link LedgerTables#dayOf()}
 * @param days see {@link LedgerTables#days()}
 * @param cells see {@link LedgerTables#cells()}
 * @param dayIndex see {@link LedgerTables#dayIndex()}
 * @param versions see {@link LedgerTables#versions()}
 * @param seeds see {@link LedgerTables#seeds()}
 * @param tries see {@link LedgerTables#tries()}
 * @param reverting see {@link LedgerTables#reverting()}
 * @param reverters see {@link LedgerTables#reverters()}
 * @param commits see {@link LedgerTables#commits()}
 * @param ranges see {@link LedgerTables#ranges()}
 * @param pullRequests see {@link LedgerTables#pullRequests()}
 * @param pullRequestRanges see {@link LedgerTables#pullRequestRanges()}
 * @param cherryPicks see {@link LedgerTables#cherryPicks()}
 * @param remediations see {@link LedgerTables#remediations()}
 * @param failures see {@link LedgerTables#failures()}
 * @param dirty see {@link LedgerTables#dirty()}
 * @param firstChange see {@link LedgerTables#firstChange()}
 * @param lastDay see {@link LedgerTables#lastDay()}
 * @param drift see {@link LedgerTables#drift()}
 * @param shifts see {@link LedgerTables#shifts()}
 */
record StateLedgerTables(
        Table<String, List<DeploymentObserved>> observations,
        Table<String, Long> open,
        Table<String, Long> dayOf,
        Table<Long, List<AttemptRow>> days,
        Table<Long, DayCell> cells,
        Table<String, long[]> dayIndex,
        Table<String, List<AttemptKey>> versions,
        Table<String, AttemptKey> seeds,
        Table<String, List<AttemptKey>> tries,
        Table<String, List<String>> reverting,
        Table<String, List<String>> reverters,
        Table<String, Owned<CommitOwnership>> commits,
        Table<String, OwnedRange> ranges,
        Table<String, Owned<PullRequestOwnership>> pullRequests,
        Table<String, OwnedRange> pullRequestRanges,
        Table<String, List<String>> cherryPicks,
        Table<String, String> remediations,
        FailureTables failures,
        Table<String, Boolean> dirty,
        Table<String, Long> firstChange,
        Table<String, Long> lastDay,
        DriftTables drift,
        ShiftTables shifts)
        implements LedgerTables {

    /** Opens the tables of the operator that the context belongs to. */
    static StateLedgerTables open(RuntimeContext context) {
        return new StateLedgerTables(
                StateTable.lists(
                        context,
                        "observations",
                        Types.STRING,
                        ObservationState.class,
                        ObservationState::of,
                        ObservationState::toDomain),
                StateTable.plain(context, "open", Types.STRING, Types.LONG),
                StateTable.plain(context, "day-of", Types.STRING, Types.LONG),
                StateTable.lists(
                        context,
                        "days",
                        Types.LONG,
                        AttemptRowState.class,
                        AttemptRowState::of,
                        AttemptRowState::toDomain),
                StateTable.mapped(
                        context, "cells", Types.LONG, DayCellState.class, DayCellState::of, DayCellState::toDomain),
                StateTable.plain(
                        context, "day-index", Types.STRING, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO),
                StateTable.lists(
                        context,
                        "versions",
                        Types.STRING,
                        AttemptKeyState.class,
                        AttemptKeyState::of,
                        AttemptKeyState::toDomain),
                StateTable.mapped(
                        context, "seeds", AttemptKeyState.class, AttemptKeyState::of, AttemptKeyState::toDomain),
                StateTable.lists(
                        context,
                        "tries",
                        Types.STRING,
                        AttemptKeyState.class,
                        AttemptKeyState::of,
                        AttemptKeyState::toDomain),
                StateTable.plain(context, "reverting", Types.STRING, Types.LIST(Types.STRING)),
                StateTable.plain(context, "reverters", Types.STRING, Types.LIST(Types.STRING)),
                StateTable.mapped(
                        context, "commits", OwnedCommitState.class, OwnedCommitState::of, OwnedCommitState::toDomain),
                StateTable.mapped(
                        context, "ranges", OwnedRangeState.class, OwnedRangeState::of, OwnedRangeState::toDomain),
                StateTable.mapped(
                        context,
                        "pull-requests",
                        OwnedPullRequestState.class,
                        OwnedPullRequestState::of,
                        OwnedPullRequestState::toDomain),
                StateTable.mapped(
                        context,
                        "pull-request-ranges",
                        OwnedRangeState.class,
                        OwnedRangeState::of,
                        OwnedRangeState::toDomain),
                StateTable.plain(context, "cherry-picks", Types.STRING, Types.LIST(Types.STRING)),
                StateTable.plain(context, "remediations", Types.STRING, Types.STRING),
                StateFailureTables.open(context),
                StateTable.plain(context, "dirty", Types.STRING, Types.BOOLEAN),
                StateTable.plain(context, "first-change", Types.STRING, Types.LONG),
                StateTable.plain(context, "last-day", Types.STRING, Types.LONG),
                StateDriftTables.open(context),
                StateShiftTables.open(context));
    }
}
