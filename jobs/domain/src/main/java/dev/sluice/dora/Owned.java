package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A commit or a pull request in the range of the deployment that first brought it: an element of a doubly linked list, so
 * that it enters and leaves a range of any size at the same cost.
 *
 * @param <T> what is owned
 * @param ownership what it is, with its deployment
 * @param previous key of the one before it in the range
 * @param next key of the one after it
 */
public record Owned<T>(
        T ownership, @Nullable String previous, @Nullable String next) {
    public Owned {
        requireNonNull(ownership, "ownership");
    }
}
