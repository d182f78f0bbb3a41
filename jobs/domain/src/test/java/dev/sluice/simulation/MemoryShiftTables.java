package dev.sluice.simulation;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.Table;
import dev.sluice.shift.DetectorState;
import dev.sluice.shift.ReportedShift;
import dev.sluice.shift.Shift;
import dev.sluice.shift.ShiftTables;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of the shifts in memory. */
public record MemoryShiftTables(
        Table<String, DetectorState> states,
        Table<String, long[]> weekIndex,
        Table<String, List<Shift>> shifts,
        Table<String, List<ReportedShift>> reported)
        implements ShiftTables {
    /** Creates empty tables. */
    public MemoryShiftTables() {
        this(new MemoryTable<>(), new MemoryTable<>(), new MemoryTable<>(), new MemoryTable<>());
    }

    /** Returns the states that are kept, by their keys. */
    public Map<String, DetectorState> keptStates() {
        var kept = new TreeMap<String, DetectorState>();
        for (String key : states.keys()) {
            kept.put(key, requireNonNull(states.get(key)));
        }
        return kept;
    }
}
