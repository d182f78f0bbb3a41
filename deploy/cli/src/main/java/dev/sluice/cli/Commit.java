package dev.sluice.cli;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit as it is told to Sluice.
 *
 * @param repository the repository that holds it
 * @param sha its id
 * @param parents ids of all its parents; none for a root
 * @param authoredAt author time
 * @param committedAt committer time
 * @param reverts ids of the commits that it reverts
 * @param cherryPickOf the commit that it copies
 */
record Commit(
        String repository,
        String sha,
        List<String> parents,
        Instant authoredAt,
        Instant committedAt,
        List<String> reverts,
        @Nullable String cherryPickOf) {
    Commit {
        parents = List.copyOf(parents);
        reverts = List.copyOf(reverts);
    }

    Commit(String repository, String sha, List<String> parents, Instant authoredAt, Instant committedAt) {
        this(repository, sha, parents, authoredAt, committedAt, List.of(), null);
    }
}
