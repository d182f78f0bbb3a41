package dev.sluice.benchmarks;

import java.time.Duration;

/** How thorough a run is. */
enum Scale {
    /** Shows that everything can be measured; its figures mean nothing. */
    QUICK(6, 0.5),
    /** What figures are quoted from. */
    FULL(1, 0.05);

    private final int divisor;
    private final double tolerated;

    Scale(int divisor, double tolerated) {
        this.divisor = divisor;
        this.tolerated = tolerated;
    }

    /** Returns the greatest share of wrong answers; a quick run may be made on a machine that is busy otherwise. */
    double tolerated() {
        return tolerated;
    }

    /** Returns how long something is done that takes so many seconds in a full run. */
    Duration seconds(int full) {
        return Duration.ofMillis(Math.max(1000, full * 1000L / divisor));
    }

    /** Returns how often something is done. */
    int times(int full) {
        return Math.max(1, full / divisor);
    }

    /** Returns how many of something there are. */
    int count(int full) {
        return full / divisor;
    }
}
