package dev.sluice.shift;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The values of one metric of one series in their order, by day; the caller keeps them. */
public interface MetricValues {
    /** Returns the days (UTC, days since the epoch) that may have values, ascending; each that has is one of them. */
    long[] days();

    /** Returns the values of a day by their end; between equal ends the order is the caller's, always the same one. */
    List<MetricValue> on(long day);

    /** Returns values that are all in memory, in their order. */
    static MetricValues of(Iterable<MetricValue> values) {
        var byDay = new TreeMap<Long, List<MetricValue>>();
        for (MetricValue value : values) {
            byDay.computeIfAbsent(value.day(), day -> new ArrayList<>()).add(value);
        }
        return new MetricValues() {
            @Override
            public long[] days() {
                return byDay.keySet().stream().mapToLong(Long::longValue).toArray();
            }

            @Override
            public List<MetricValue> on(long day) {
                return byDay.getOrDefault(day, List.of());
            }
        };
    }
}
