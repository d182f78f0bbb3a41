package dev.sluice.gate;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How grave it is that a rule is not met: for people, and for who counts. It changes no answer. */
public enum Severity {
    /** Nothing is graver. */
    CRITICAL,
    /** Grave. */
    HIGH,
    /** Where a policy does not say. */
    MEDIUM,
    /** Of little weight. */
    LOW,
    /** Good to know. */
    INFO;

    /** Returns the name as the API and policies spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the severity of a name; nothing if there is none. */
    public static Optional<Severity> ofName(String name) {
        return Stream.of(values())
                .filter(severity -> severity.wireName().equals(name))
                .findFirst();
    }
}
