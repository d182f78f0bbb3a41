package dev.sluice.simulation;

import dev.sluice.delivery.Table;
import dev.sluice.dora.CheckWord;
import dev.sluice.dora.DriftCell;
import dev.sluice.dora.DriftDay;
import dev.sluice.dora.DriftEpisode;
import dev.sluice.dora.DriftStanding;
import dev.sluice.dora.DriftTables;
import java.util.List;

/** The tables of the checks for drift in memory. */
public record MemoryDriftTables(
        Table<String, CheckWord> words,
        Table<String, DriftDay> days,
        Table<String, long[]> dayIndex,
        Table<Long, List<String>> resources,
        Table<Long, DriftCell> cells,
        Table<String, DriftEpisode> episodes,
        Table<String, DriftStanding> standings)
        implements DriftTables {
    /** Creates empty tables. */
    public MemoryDriftTables() {
        this(
                new MemoryTable<>(),
                new MemoryTable<>(),
                new MemoryTable<>(),
                new MemoryTable<>(),
                new MemoryTable<>(),
                new MemoryTable<>(),
                new MemoryTable<>());
    }
}
