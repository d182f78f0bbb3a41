package dev.sluice.canary.intake;

import java.util.List;

/** What a series said at a time. */
public sealed interface Measure {
    /** Returns whether a later point of the same series has all that this one has: counts that grow since the series began. */
    default boolean isContainedInLater() {
        return (this instanceof Counts counts && counts.cumulative())
                || (this instanceof Distribution distribution && distribution.cumulative())
                || (this instanceof Part part && part.cumulative());
    }

    /**
     * Events among so many exposed.
     *
     * @param events at least 0
     * @param exposure at least 0
     * @param cumulative whether both grow since the series began, and do not count from the point before
     */
    record Counts(double events, double exposure, boolean cumulative) implements Measure {
        public Counts {
            requireAmount("events", events);
            requireAmount("exposure", exposure);
        }
    }

    /**
     * A level.
     *
     * @param value from -1e100 to 1e100
     */
    record Level(double value) implements Measure {
        public Level {
            if (!(Math.abs(value) <= MOST_LEVEL)) { // NaN too
                throw new IllegalArgumentException("value must be from -1e100 to 1e100, is " + value);
            }
        }
    }

    /**
     * Requests, each by itself.
     *
     * @param values each at least 0
     */
    record Requests(List<Double> values) implements Measure {
        public Requests {
            values = List.copyOf(values);
            values.forEach(value -> requireAmount("a value", value));
        }
    }

    /**
     * Requests between bounds.
     *
     * @param bounds the finite upper bounds, at least 0, ascending
     * @param upTo how many are at most each bound, not descending
     * @param total how many there are
     * @param cumulative whether all counts grow since the series began
     */
    record Distribution(List<Double> bounds, List<Long> upTo, long total, boolean cumulative) implements Measure {
        public Distribution {
            bounds = List.copyOf(bounds);
            upTo = List.copyOf(upTo);
            if (bounds.size() != upTo.size()) {
                throw new IllegalArgumentException(bounds.size() + " bounds, " + upTo.size() + " counts");
            }
            for (int i = 0; i < bounds.size(); i++) {
                requireAmount("a bound", bounds.get(i));
                if (i > 0 && (bounds.get(i) <= bounds.get(i - 1) || upTo.get(i) < upTo.get(i - 1))) {
                    throw new IllegalArgumentException("bounds must rise, and counts must not fall");
                }
            }
            long last = upTo.isEmpty() ? 0 : upTo.get(upTo.size() - 1);
            if ((!upTo.isEmpty() && upTo.get(0) < 0) || total < last || total > MOST) {
                throw new IllegalArgumentException("total must be from " + last + " to 1e15, is " + total);
            }
        }
    }

    /**
     * One of the counters that a measure is made of, where each is a series of its own, as Prometheus has them.
     *
     * @param role what it counts
     * @param bound of requests up to a bound, the bound, at least 0, infinite for all of them; else 0
     * @param count at least 0; of requests a whole number
     * @param cumulative whether it grows since the series began, and does not count from the point before
     */
    record Part(Role role, double bound, double count, boolean cumulative) implements Measure {
        public Part {
            requireAmount("a count", count);
            if (!(bound >= 0)) { // NaN too
                throw new IllegalArgumentException("a bound must be at least 0, is " + bound);
            }
            if (role == Role.UP_TO && count != Math.rint(count)) {
                throw new IllegalArgumentException("requests must be a whole number, are " + count);
            }
        }

        /** What a part counts. */
        public enum Role {
            /** Events. */
            EVENTS,
            /** Against what they are counted. */
            EXPOSURE,
            /** Requests up to a bound. */
            UP_TO
        }

        /** Returns a part that counts events, or against what they are counted. */
        public static Part of(Role role, double count, boolean cumulative) {
            return new Part(role, 0, count, cumulative);
        }

        /** Returns what tells it from the other parts: {@code events}, {@code exposure}, {@code le=0.5} or {@code le=+Inf}. */
        public String name() {
            return switch (role) {
                case EVENTS -> "events";
                case EXPOSURE -> "exposure";
                case UP_TO -> "le=" + (Double.isInfinite(bound) ? "+Inf" : String.valueOf(bound));
            };
        }
    }

    /** Beyond it sums would no longer be exact. */
    long MOST = 1_000_000_000_000_000L;
    /** Squares of larger levels would be infinite. */
    double MOST_LEVEL = 1e100;

    private static void requireAmount(String name, double value) {
        if (!(value >= 0 && value <= MOST)) { // NaN too
            throw new IllegalArgumentException(name + " must be from 0 to 1e15, is " + value);
        }
    }
}
