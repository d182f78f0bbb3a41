package dev.sluice.gateapi.cel;

import dev.sluice.gate.ConditionResult.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation has read. The evaluating thread writes it; the waiting one reads it, also while an evaluation that
 * it has given up still writes.
 */
final class ReadLog {
    private final int mostReadings;
    private final int mostCharacters;
    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();

    ReadLog(CelLimits limits) {
        mostReadings = limits.readings();
        mostCharacters = limits.readingSize();
    }

    /** The value was used. */
    synchronized void read(String name, Object value) {
        keep(name, String.valueOf(value));
    }

    /** The expression asked whether there is a value, and there is none. */
    synchronized void absent(String name) {
        keep(name, null);
    }

    /** The expression used a value that is not there. */
    synchronized void missing(String name) {
        keep(name, null);
        if (missing.size() < mostReadings) {
            missing.add(name);
        }
    }

    /** Returns what was used and is not there, in the order of reading. */
    synchronized List<String> missing() {
        return new ArrayList<>(missing);
    }

    /** Returns the readings in their order; a last one says that there were more. */
    synchronized List<Reading> readings() {
        return readings.size() < mostReadings
                ? List.copyOf(readings.values())
                : Stream.concat(readings.values().stream(), Stream.of(new Reading("…", "more was read")))
                        .toList();
    }

    private void keep(String name, @Nullable String value) {
        if (readings.size() < mostReadings && !readings.containsKey(name)) {
            readings.put(name, new Reading(name, value == null ? null : Texts.shortened(value, mostCharacters)));
        }
    }
}
