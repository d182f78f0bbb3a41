package dev.sluice.dora;

import java.time.Instant;

/**
 * What the checks for drift tell of one day (UTC), over all resources, for the metrics of each range of time that holds the
 * day as a whole.
 *
 * @param observedMs time that they tell of, in milliseconds
 * @param driftedMs how much of it is drifted, in milliseconds
 * @param checks how many were made
 * @param episodes how many episodes were opened
 * @param reconcileTimes lengths of the episodes that were closed, in milliseconds
 */
public record DriftCell(long observedMs, long driftedMs, int checks, int episodes, long[] reconcileTimes) {

    /** Returns whether they tell of anything. */
    boolean isEmpty() {
        return checks == 0 && observedMs == 0;
    }

    /** Adds up checks, as far as they tell of a range of time. */
    static final class Sums {
        private final Instant start;
        private final Instant end;
        private final Sample reconcileTimes = new Sample();
        private long observedMs;
        private long driftedMs;
        private int checks;
        private int episodes;

        Sums(Instant start, Instant end) {
            this.start = start;
            this.end = end;
        }

        void add(DriftRow check) {
            long told = millis(latest(check.at(), start), earliest(check.until(), end));
            observedMs += told;
            driftedMs += check.open() ? told : 0;
            if (check.at().isBefore(start) || !check.at().isBefore(end)) {
                return;
            }
            checks++;
            episodes += check.opens() ? 1 : 0;
            if (check.reconcileMs() != null) {
                reconcileTimes.add(check.reconcileMs());
            }
        }

        DriftCell cell() {
            return new DriftCell(observedMs, driftedMs, checks, episodes, reconcileTimes.values());
        }

        /** Of the epoch's milliseconds, so that the parts of a time sum to it. */
        private static long millis(Instant from, Instant to) {
            return Math.max(0, to.toEpochMilli() - from.toEpochMilli());
        }

        private static Instant latest(Instant one, Instant other) {
            return one.isAfter(other) ? one : other;
        }

        private static Instant earliest(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }
    }
}
