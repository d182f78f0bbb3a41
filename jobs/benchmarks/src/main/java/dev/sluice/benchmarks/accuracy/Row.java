package dev.sluice.benchmarks.accuracy;

import org.jspecify.annotations.Nullable;

/**
 * A line of a table.
 *
 * @param table which one
 * @param what was simulated
 * @param setting tolerance, guard, alpha or beta
 * @param measured what came out
 * @param seed of its first repetition
 * @param runs how many repetitions
 * @param share what came out as a share of runs; null where it is no share
 * @param bound what the share must not be above, where the procedure promises it; null where it promises nothing
 */
record Row(
        Table table,
        String what,
        String setting,
        String measured,
        long seed,
        int runs,
        @Nullable Share share,
        @Nullable Double bound) {
    /** The tables of the document. */
    enum Table {
        FALSE_ALARMS("False alarms", "both arms alike: runs that alarm"),
        DELAYS("Detection delay", "counted seconds until the alarm, median (90th percentile)"),
        PASSES("Time to a pass", "both arms alike: counted minutes, median (90th percentile)"),
        FALSE_PASSES("False passes", "the canary at its margin or beyond: runs that pass"),
        OTHERS("Other judges", "both arms alike: runs in which they alarm"),
        GAUGES("Gauges", "both arms alike, one point a minute: runs that alarm within 12 hours");

        private final String title;
        private final String unit;

        Table(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }

        String title() {
            return title;
        }

        String unit() {
            return unit;
        }
    }
}
