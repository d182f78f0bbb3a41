package dev.sluice.dora;

import dev.sluice.delivery.Table;
import java.util.List;

/** What a ledger remembers of the checks for drift; the caller keeps it. */
public interface DriftTables {
    /** Returns the word that counts on each check, by check id; also where it takes the check back. */
    Table<String, CheckWord> words();

    /** Returns the checks of a resource on a day, in order, by {@link DriftTimeline#key}. */
    Table<String, DriftDay> days();

    /**
     * Returns the days (UTC, days since the epoch) on which a resource was checked, ascending, by resource; under {@link
     * DriftTimeline#ALL_RESOURCES} those that the checks of any resource tell of.
     */
    Table<String, long[]> dayIndex();

    /** Returns the resources of which checks tell on each day (UTC, days since the epoch), in order. */
    Table<Long, List<String>> resources();

    /** Returns what checks tell of each day (UTC, days since the epoch); a day that has changed is not there. */
    Table<Long, DriftCell> cells();

    /** Returns the episodes, by {@link DriftTimeline#episodeKey}. */
    Table<String, DriftEpisode> episodes();

    /** Returns how each resource stands after its last check, by resource. */
    Table<String, DriftStanding> standings();
}
