package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

/**
 * The commits that a deployment was the first to bring.
 *
 * @param first key of the first one in the list
 * @param size how many there are
 */
public record CommitRange(String first, int size) {
    public CommitRange {
        requireNonNull(first, "first");
    }
}
