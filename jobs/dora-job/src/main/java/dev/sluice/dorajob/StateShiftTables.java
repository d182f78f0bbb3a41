package dev.sluice.dorajob;

import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.ReportedShiftState;
import dev.sluice.dorajob.state.ShiftDetectorState;
import dev.sluice.dorajob.state.ShiftState;
import dev.sluice.shift.DetectorState;
import dev.sluice.shift.ReportedShift;
import dev.sluice.shift.Shift;
import dev.sluice.shift.ShiftTables;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The tables of the shifts in keyed state.
 *
 * @param states see {@link ShiftTables#states()}
 * @param weekIndex see {@link ShiftTables#weekIndex()}
 * @param shifts see {@link ShiftTables#shifts()}
 * @param reported see {@link ShiftTables#reported()}
 */
record StateShiftTables(
        Table<String, DetectorState> states,
        Table<String, long[]> weekIndex,
        Table<String, List<Shift>> shifts,
        Table<String, List<ReportedShift>> reported)
        implements ShiftTables {

    /** Opens the tables of the operator that the context belongs to. */
    static StateShiftTables open(RuntimeContext context) {
        return new StateShiftTables(
                StateTable.mapped(
                        context,
                        "shift-states",
                        ShiftDetectorState.class,
                        ShiftDetectorState::of,
                        ShiftDetectorState::toDomain),
                StateTable.plain(
                        context, "shift-weeks", Types.STRING, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO),
                StateTable.lists(
                        context, "shifts", Types.STRING, ShiftState.class, ShiftState::of, ShiftState::toDomain),
                StateTable.lists(
                        context,
                        "shifts-reported",
                        Types.STRING,
                        ReportedShiftState.class,
                        ReportedShiftState::of,
                        ReportedShiftState::toDomain));
    }
}
