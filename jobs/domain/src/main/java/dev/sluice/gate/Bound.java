package dev.sluice.gate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What of a metric a threshold is held against: its value, or an end of the interval that covers the true one. */
public enum Bound {
    /** The value itself. */
    VALUE,
    /** The lower end of the interval: with {@code >=} the true value is surely so large. */
    LOWER,
    /** The upper end of the interval: with {@code <=} the true value is surely so small. */
    UPPER;

    /** Returns the bound that policies spell so. */
    public static Optional<Bound> ofName(String name) {
        return Arrays.stream(values())
                .filter(bound -> bound.wireName().equals(name))
                .findFirst();
    }

    /** Returns the name as policies spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
