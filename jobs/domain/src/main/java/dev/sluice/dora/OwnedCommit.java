package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.CommitOwnership;
import org.jspecify.annotations.Nullable;

/**
 * A commit in the range of the deployment that first brought it: an element of a doubly linked list, so that a commit
 * enters and leaves a range of any size at the same cost.
 *
 * @param ownership the commit and its deployment
 * @param previous key of the commit before it in the range
 * @param next key of the commit after it
 */
public record OwnedCommit(
        CommitOwnership ownership,
        @Nullable String previous,
        @Nullable String next) {
    public OwnedCommit {
        requireNonNull(ownership, "ownership");
    }
}
