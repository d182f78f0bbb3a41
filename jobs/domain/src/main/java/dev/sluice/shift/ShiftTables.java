package dev.sluice.shift;

import dev.sluice.delivery.Table;
import java.util.List;

/** What is remembered of the shifts of one series, by {@link ShiftMetric#name()}; the caller keeps it. */
public interface ShiftTables {
    /** Returns what was known before each week, by the metric, a space and the week's Monday (UTC, days since the epoch). */
    Table<String, DetectorState> states();

    /** Returns the Mondays of those weeks, ascending. */
    Table<String, long[]> weekIndex();

    /** Returns the shifts in the order of their detection. */
    Table<String, List<Shift>> shifts();

    /** Returns what has been published, see {@link ShiftLog#entries()}. */
    Table<String, List<ReportedShift>> reported();
}
