package dev.sluice.dorajob;

import dev.sluice.delivery.Table;
import dev.sluice.dora.CheckWord;
import dev.sluice.dora.DriftCell;
import dev.sluice.dora.DriftDay;
import dev.sluice.dora.DriftEpisode;
import dev.sluice.dora.DriftStanding;
import dev.sluice.dora.DriftTables;
import dev.sluice.dorajob.state.CheckWordState;
import dev.sluice.dorajob.state.DriftCellState;
import dev.sluice.dorajob.state.DriftDayState;
import dev.sluice.dorajob.state.DriftEpisodeState;
import dev.sluice.dorajob.state.DriftStandingState;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The tables of the checks for drift in keyed state.
 *
 * @param words see {@link DriftTables#words()}
 * @param days see {@link DriftTables#days()}
 * @param dayIndex see {@link DriftTables#dayIndex()}
 * @param resources see {@link DriftTables#resources()}
 * @param cells see {@link DriftTables#cells()}
 * @param episodes see {@link DriftTables#episodes()}
 * @param standings see {@link DriftTables#standings()}
 */
record StateDriftTables(
        Table<String, CheckWord> words,
        Table<String, DriftDay> days,
        Table<String, long[]> dayIndex,
        Table<Long, List<String>> resources,
        Table<Long, DriftCell> cells,
        Table<String, DriftEpisode> episodes,
        Table<String, DriftStanding> standings)
        implements DriftTables {

    /** Opens the tables of the operator that the context belongs to. */
    static StateDriftTables open(RuntimeContext context) {
        return new StateDriftTables(
                StateTable.mapped(
                        context, "drift-words", CheckWordState.class, CheckWordState::of, CheckWordState::toDomain),
                StateTable.mapped(
                        context, "drift-days", DriftDayState.class, DriftDayState::of, DriftDayState::toDomain),
                StateTable.plain(
                        context,
                        "drift-day-index",
                        Types.STRING,
                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO),
                StateTable.plain(context, "drift-resources", Types.LONG, Types.LIST(Types.STRING)),
                StateTable.mapped(
                        context,
                        "drift-cells",
                        Types.LONG,
                        DriftCellState.class,
                        DriftCellState::of,
                        DriftCellState::toDomain),
                StateTable.mapped(
                        context,
                        "drift-episodes",
                        DriftEpisodeState.class,
                        DriftEpisodeState::of,
                        DriftEpisodeState::toDomain),
                StateTable.mapped(
                        context,
                        "drift-standings",
                        DriftStandingState.class,
                        DriftStandingState::of,
                        DriftStandingState::toDomain));
    }
}
