package dev.sluice.dorajob.state;

import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.dora.Owned;
import org.jspecify.annotations.Nullable;

/** An {@link Owned} pull request, flat. */
public record OwnedPullRequestState(
        PullRequestOwnershipState ownership,
        @Nullable String previous,
        @Nullable String next) {

    /** Returns the flat form. */
    public static OwnedPullRequestState of(Owned<PullRequestOwnership> pullRequest) {
        return new OwnedPullRequestState(
                PullRequestOwnershipState.of(pullRequest.ownership()), pullRequest.previous(), pullRequest.next());
    }

    /** Returns the domain's form. */
    public Owned<PullRequestOwnership> toDomain() {
        return new Owned<>(ownership.toDomain(), previous, next);
    }
}
