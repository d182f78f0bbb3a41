package dev.sluice.dorajob.state;

import dev.sluice.dora.OwnedCommit;
import org.jspecify.annotations.Nullable;

/** An {@link OwnedCommit}, flat. */
public record OwnedCommitState(
        OwnershipState ownership,
        @Nullable String previous,
        @Nullable String next) {

    /** Returns the flat form. */
    public static OwnedCommitState of(OwnedCommit commit) {
        return new OwnedCommitState(OwnershipState.of(commit.ownership()), commit.previous(), commit.next());
    }

    /** Returns the domain's form. */
    public OwnedCommit toDomain() {
        return new OwnedCommit(ownership.toDomain(), previous, next);
    }
}
