package dev.sluice.shift;

import dev.sluice.delivery.Table;
import java.util.List;

/** What a {@link ShiftHistory} remembers of one metric of one series; the caller keeps it. */
public interface ShiftTables {
    /** Returns what was known before each week that had values, by its Monday (UTC, days since the epoch). */
    Table<Long, DetectorState> states();

    /** Returns the Mondays of those weeks, ascending, under the key {@link ShiftHistory#WEEK_INDEX}. */
    Table<String, long[]> weekIndex();

    /** Returns the shifts in the order of their detection, under the key {@link ShiftHistory#SHIFTS}. */
    Table<String, List<Shift>> shifts();
}
