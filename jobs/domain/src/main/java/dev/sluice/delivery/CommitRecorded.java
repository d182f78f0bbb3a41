package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit of a repository, with what is known of its parents.
 *
 * @param header who said it
 * @param repository the repository's full name, e.g. {@code acme/checkout}
 * @param sha the commit's id
 * @param parents the ids of its parents, in order
 * @param parentage how the parents are known
 * @param authoredAt author time: the start of change lead time
 * @param committedAt committer time
 * @param reverts ids of the commits that it reverts
 * @param cherryPickOf the commit that it repeats on another line
 * @param services the services whose files it touches, where several share the repository; null where that is not known,
 *     and then it is one of all of them
 */
public record CommitRecorded(
        EventHeader header,
        String repository,
        String sha,
        List<String> parents,
        Parentage parentage,
        Instant authoredAt,
        @Nullable Instant committedAt,
        List<String> reverts,
        @Nullable String cherryPickOf,
        @Nullable List<String> services)
        implements DeliveryEvent {
    public CommitRecorded {
        requireNonNull(header, "header");
        Texts.requireText(repository, "repository");
        Texts.requireText(sha, "sha");
        parents = List.copyOf(parents);
        requireNonNull(parentage, "parentage");
        requireNonNull(authoredAt, "authoredAt");
        reverts = List.copyOf(reverts);
        services = services == null ? null : List.copyOf(services);
        if (parents.contains(sha)) {
            throw new IllegalArgumentException("commit " + sha + " names itself as its parent");
        }
        if (parentage == Parentage.UNKNOWN && !parents.isEmpty()) {
            throw new IllegalArgumentException("commit " + sha + " has parents, but unknown parentage");
        }
    }

    /** Creates a commit of which it is not known whose files it touches. */
    public CommitRecorded(
            EventHeader header,
            String repository,
            String sha,
            List<String> parents,
            Parentage parentage,
            Instant authoredAt,
            @Nullable Instant committedAt,
            List<String> reverts,
            @Nullable String cherryPickOf) {
        this(header, repository, sha, parents, parentage, authoredAt, committedAt, reverts, cherryPickOf, null);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.commitRecorded(this);
    }
}
