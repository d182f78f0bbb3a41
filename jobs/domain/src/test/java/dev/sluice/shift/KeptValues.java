package dev.sluice.shift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Values by day that come in any order and go again; it knows which days were read. */
final class KeptValues implements MetricValues {
    private static final Comparator<MetricValue> ORDER =
            Comparator.comparing(MetricValue::end).thenComparing(MetricValue::value);

    private final TreeMap<Long, List<MetricValue>> days = new TreeMap<>();
    private final TreeSet<Long> read = new TreeSet<>();

    void add(MetricValue value) {
        List<MetricValue> values = days.computeIfAbsent(value.day(), day -> new ArrayList<>());
        values.add(value);
        values.sort(ORDER);
    }

    void remove(MetricValue value) {
        List<MetricValue> values = days.getOrDefault(value.day(), List.of());
        if (!values.remove(value)) {
            throw new AssertionError("not kept: " + value);
        }
        if (values.isEmpty()) {
            days.remove(value.day());
        }
    }

    /** Drops the days before one. */
    void dropBefore(long day) {
        days.headMap(day).clear();
    }

    NavigableSet<Long> takeRead() {
        var taken = new TreeSet<>(read);
        read.clear();
        return taken;
    }

    @Override
    public long[] days() {
        return days.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public List<MetricValue> on(long day) {
        read.add(day);
        return List.copyOf(days.getOrDefault(day, List.of()));
    }
}
