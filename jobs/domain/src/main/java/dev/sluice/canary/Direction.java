package dev.sluice.canary;

/** Which change of a metric is bad. */
public enum Direction {
    /** The canary must not have more. */
    INCREASE,
    /** The canary must not have less. */
    DECREASE,
    /** The canary must have neither more nor less. */
    EITHER
}
