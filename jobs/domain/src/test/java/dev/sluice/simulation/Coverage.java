package dev.sluice.simulation;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many values were compared, and how many of them were there: agreement on nothing proves nothing. */
public final class Coverage {
    private final Map<String, Count> metrics = new ConcurrentSkipListMap<>();

    private record Count(AtomicInteger compared, AtomicInteger there) {}

    /** Counts a value that was compared. */
    public void count(String metric, @Nullable Object value) {
        Count count = metrics.computeIfAbsent(metric, name -> new Count(new AtomicInteger(), new AtomicInteger()));
        count.compared().incrementAndGet();
        if (value != null) {
            count.there().incrementAndGet();
        }
    }

    /** Returns the share of values that were there, 0 to 1, by metric. */
    public Map<String, Double> shares() {
        Map<String, Double> shares = new ConcurrentSkipListMap<>();
        metrics.forEach((metric, count) -> shares.put(
                metric, count.there().get() / (double) count.compared().get()));
        return shares;
    }

    @Override
    public String toString() {
        var lines = new StringBuilder("values compared, and how many of them were there:\n");
        metrics.forEach((metric, count) -> lines.append(String.format(
                Locale.ROOT,
                "  %-34s %8d %8d  %5.1f %%%n",
                metric,
                count.compared().get(),
                count.there().get(),
                100.0 * count.there().get() / count.compared().get())));
        return lines.toString();
    }
}
