package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.Table;
import dev.sluice.simulation.MemoryTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables in memory. */
final class MemoryShiftTables implements ShiftTables {
    private final Table<Long, DetectorState> states = new MemoryTable<>();
    private final Table<String, long[]> weekIndex = new MemoryTable<>();
    private final Table<String, List<Shift>> shifts = new MemoryTable<>();

    @Override
    public Table<Long, DetectorState> states() {
        return states;
    }

    @Override
    public Table<String, long[]> weekIndex() {
        return weekIndex;
    }

    @Override
    public Table<String, List<Shift>> shifts() {
        return shifts;
    }

    Map<Long, DetectorState> keptStates() {
        var kept = new TreeMap<Long, DetectorState>();
        for (Long week : states.keys()) {
            kept.put(week, requireNonNull(states.get(week)));
        }
        return kept;
    }
}
