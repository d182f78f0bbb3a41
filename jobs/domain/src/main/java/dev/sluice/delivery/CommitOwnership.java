package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which deployment first brought a commit to a (service, environment), with what stage delivery must know of the
 * commit. An upsert by (service, environment, repository, sha).
 *
 * @param service the service
 * @param environment the environment
 * @param repository the repository
 * @param sha the commit
 * @param deploymentId the first successful deployment from which the commit is reachable; null when there is none any
 *     more
 * @param authoredAt author time; null while the commit has not been recorded
 * @param merge whether it joins lines of history
 * @param parentage how its parents are known
 * @param reverts ids of the commits that it reverts
 * @param elsewhere whether it is known to touch no file of the service
 */
public record CommitOwnership(
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
    public CommitOwnership {
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(repository, "repository");
        requireNonNull(sha, "sha");
        requireNonNull(parentage, "parentage");
        reverts = List.copyOf(reverts);
    }

    /** Creates the ownership of a commit that may touch files of the service. */
    public CommitOwnership(
            String service,
            String environment,
            String repository,
            String sha,
            @Nullable String deploymentId,
            @Nullable Instant authoredAt,
            boolean merge,
            Parentage parentage,
            List<String> reverts) {
        this(service, environment, repository, sha, deploymentId, authoredAt, merge, parentage, reverts, false);
    }
}
