package dev.sluice.dorajob.state;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.Parentage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link CommitOwnership}, flat. */
public record OwnershipState(
        String service,
        String environment,
        String repository,
        String sha,
        @Nullable String deploymentId,
        @Nullable Instant authoredAt,
        boolean merge,
        Parentage parentage,
        List<String> reverts,
        boolean elsewhere) {

    /** Returns the flat form. */
    public static OwnershipState of(CommitOwnership ownership) {
        return new OwnershipState(
                ownership.service(),
                ownership.environment(),
                ownership.repository(),
                ownership.sha(),
                ownership.deploymentId(),
                ownership.authoredAt(),
                ownership.merge(),
                ownership.parentage(),
                ownership.reverts(),
                ownership.elsewhere());
    }

    /** Returns the domain's form. */
    public CommitOwnership toDomain() {
        return new CommitOwnership(
                service, environment, repository, sha, deploymentId, authoredAt, merge, parentage, reverts, elsewhere);
    }
}
