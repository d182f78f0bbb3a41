package dev.sluice.store;

import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What bounds a median and a frequency by how many values there are, as a table for views: SQL has no binomial and no gamma
 * quantiles, and the intervals are defined in one place, {@link ConfidenceIntervals}.
 */
final class IntervalBounds {
    /** The greatest number of values with bounds: more leave an interval so narrow that it says nothing more. */
    static final int MOST_VALUES = 10_000;

    private IntervalBounds() {}

    /** Fills the table unless it is full. */
    static void fill(Writes writes, Queries queries) {
        long known = queries.rows(
                        "SELECT count() AS known FROM sluice.interval_bounds FINAL",
                        List.of(),
                        row -> row.get("known", Long.class))
                .get(0);
        if (known <= MOST_VALUES) {
            writes.insert(Table.INTERVAL_BOUNDS, new ByteArrayInputStream(rows()));
        }
    }

    private static byte[] rows() {
        var rows = new StringBuilder();
        for (int n = 0; n <= MOST_VALUES; n++) {
            Interval frequency = ConfidenceIntervals.ofFrequency(n, 1);
            rows.append("{\"n\":")
                    .append(n)
                    .append(",\"median_rank\":")
                    .append(ConfidenceIntervals.medianRank(n))
                    .append(",\"frequency_lower\":")
                    .append(frequency.lower())
                    .append(",\"frequency_upper\":")
                    .append(frequency.upper())
                    .append("}\n");
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }
}
