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
        @Nullable String cherryPickOf)
        implements DeliveryEvent {
    public CommitRecorded {
        requireNonNull(header, "header");
        Texts.requireText(repository, "repository");
        Texts.requireText(sha, "sha");
        parents = List.copyOf(parents);
        requireNonNull(parentage, "parentage");
        requireNonNull(authoredAt, "authoredAt");
        reverts = List.copyOf(reverts);
        if (parents.contains(sha)) {
            throw new IllegalArgumentException("commit " + sha + " names itself as its parent");
        }
        if (parentage == Parentage.UNKNOWN && !parents.isEmpty()) {
            throw new IllegalArgumentException("commit " + sha + " has parents, but unknown parentage");
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.commitRecorded(this);
    }
}
