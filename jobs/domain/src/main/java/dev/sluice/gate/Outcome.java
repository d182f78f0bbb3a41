package dev.sluice.gate;

import java.util.Locale;

/** What a rule, or a gate as a whole, answers; a later constant is worse and prevails. */
public enum Outcome {
    /** The service may go on. */
    ALLOW,
    /** There is no answer yet; asking again may give one. */
    PENDING,
    /** The service may not go on. */
    DENY,
    /** The question could not be judged. */
    ERROR;

    /** Returns the worse of the two. */
    public Outcome worse(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Returns the name as the API spells it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
