package dev.sluice.gate;

import java.util.Locale;

/** Whether a rule decides. */
public enum Mode {
    /** The rule's outcome counts. */
    ENFORCE,
    /** The outcome is shown as a warning and changes nothing. */
    WARN,
    /** The outcome is recorded and changes nothing: a rule on trial. */
    OBSERVE;

    /** Returns the name as the API and policies spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
