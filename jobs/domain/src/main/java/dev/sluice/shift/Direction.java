package dev.sluice.shift;

/** Which way a metric went, as a team sees it. */
public enum Direction {
    /** It is better than it was. */
    IMPROVEMENT,
    /** It is worse than it was. */
    DETERIORATION;

    Direction opposite() {
        return this == IMPROVEMENT ? DETERIORATION : IMPROVEMENT;
    }
}
