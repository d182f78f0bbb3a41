package dev.sluice.dora;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.Table;
import org.jspecify.annotations.Nullable;

/** The owned commits of a series and the range of each deployment. */
final class CommitRanges extends OwnedRanges<CommitOwnership> {
    CommitRanges(Table<String, Owned<CommitOwnership>> commits, Table<String, OwnedRange> ranges) {
        super(commits, ranges);
    }

    static String key(String repository, String sha) {
        return repository + " " + sha;
    }

    @Override
    @Nullable
    String ownerOf(CommitOwnership ownership) {
        return ownership.deploymentId();
    }
}
