package dev.sluice.dora;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many incidents are of each severity, as sources name them. A row stays small whatever they send: the most frequent
 * names are told and the others left out, so that what the counts lack to the number of all incidents is of other severities.
 */
public final class IncidentSeverities {
    /** Stands for what no source has said. */
    public static final String NONE = "";

    /** How many severities are told; sources name three to five. */
    static final int MOST = 16;

    /** A longer name is told of no incident. */
    static final int MOST_CHARACTERS = 64;

    private static final Comparator<Map.Entry<String, Integer>> MOST_FREQUENT =
            Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());

    private IncidentSeverities() {}

    /** Returns the one spelling of a severity: in lower case, without space around it; {@link #NONE} for none. */
    public static String spelled(@Nullable String severity) {
        return severity == null ? NONE : severity.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Counts severities.
     *
     * @param severities of each incident, as its source names it or null, in any order
     */
    static SortedMap<String, Integer> count(Stream<@Nullable String> severities) {
        var counts = new HashMap<String, Integer>();
        severities
                .map(IncidentSeverities::spelled)
                .filter(severity -> severity.length() <= MOST_CHARACTERS)
                .forEach(severity -> counts.merge(severity, 1, Integer::sum));
        var told = new TreeMap<String, Integer>();
        counts.entrySet().stream()
                .sorted(MOST_FREQUENT)
                .limit(MOST)
                .forEach(entry -> told.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableSortedMap(told);
    }
}
