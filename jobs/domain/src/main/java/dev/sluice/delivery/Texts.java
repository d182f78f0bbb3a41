package dev.sluice.delivery;

import org.jspecify.annotations.Nullable;

/** Checks of text arguments. */
final class Texts {
    private Texts() {}

    static String requireText(@Nullable String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " must not be empty");
        }
        return value;
    }
}
