package dev.sluice.store;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A metric of a scope, or of one service of it, over some days. There is none where nothing is counted.
 *
 * @param part the service; empty for the scope as a whole
 * @param metric its name, e.g. {@code change_lead_time}
 * @param start the first day
 * @param n how many values it is computed from, at least 1
 * @param value a count a day, milliseconds, or a share of 1
 * @param lower lower end of the 95 % interval; null where there are too few values, or too many to need one
 * @param upper upper end of it
 * @param p90 the 90th percentile of a duration; null for all other metrics
 * @param insufficient whether the values are too few to tell much
 */
public record RangeMetric(
        String part,
        String metric,
        LocalDate start,
        long n,
        double value,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p90,
        boolean insufficient) {}
