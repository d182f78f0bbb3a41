package dev.sluice.canary.intake;

/** One side of a canary. */
public enum Arm {
    /** The version in place. */
    BASELINE,
    /** The new version. */
    CANARY
}
