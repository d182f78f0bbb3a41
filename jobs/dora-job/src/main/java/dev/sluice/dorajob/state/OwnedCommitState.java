package dev.sluice.dorajob.state;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.dora.Owned;
import org.jspecify.annotations.Nullable;

/** An {@link Owned} commit, flat. */
public record OwnedCommitState(
        OwnershipState ownership,
        @Nullable String previous,
        @Nullable String next) {

    /** Returns the flat form. */
    public static OwnedCommitState of(Owned<CommitOwnership> commit) {
        return new OwnedCommitState(OwnershipState.of(commit.ownership()), commit.previous(), commit.next());
    }

    /** Returns the domain's form. */
    public Owned<CommitOwnership> toDomain() {
        return new Owned<>(ownership.toDomain(), previous, next);
    }
}
