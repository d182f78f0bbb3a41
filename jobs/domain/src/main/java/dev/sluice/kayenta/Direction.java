package dev.sluice.kayenta;

import org.jspecify.annotations.Nullable;

/** Which change of a metric is bad. */
public enum Direction {
    /** The canary must not have more. */
    INCREASE,
    /** The canary must not have less. */
    DECREASE,
    /** The canary must have neither more nor less. */
    EITHER;

    /**
     * Returns the direction that configs spell so.
     *
     * @param word {@code increase}, {@code decrease} or {@code either}; any other word, and none, is {@link #EITHER}
     */
    public static Direction ofWord(@Nullable String word) {
        if (word == null) {
            return EITHER;
        }
        return switch (word) {
            case "increase" -> INCREASE;
            case "decrease" -> DECREASE;
            default -> EITHER;
        };
    }

    boolean minds(Direction change) {
        return this == EITHER || this == change;
    }
}
