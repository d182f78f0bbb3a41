package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

/**
 * What a deployment was the first to bring: its commits, or its pull requests.
 *
 * @param first key of the first one in the list
 * @param size how many there are
 */
public record OwnedRange(String first, int size) {
    public OwnedRange {
        requireNonNull(first, "first");
    }
}
