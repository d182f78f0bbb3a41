package dev.sluice.dora;

import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The owned commits of a series and the range of each deployment. */
final class CommitRanges {
    private final Table<String, OwnedCommit> commits;
    private final Table<String, CommitRange> ranges;

    CommitRanges(Table<String, OwnedCommit> commits, Table<String, CommitRange> ranges) {
        this.commits = commits;
        this.ranges = ranges;
    }

    static String key(String repository, String sha) {
        return repository + " " + sha;
    }

    @Nullable
    CommitOwnership get(String key) {
        OwnedCommit commit = commits.get(key);
        return commit == null ? null : commit.ownership();
    }

    /** Sets the owner of a commit, or changes what is known of the commit. */
    void put(String key, CommitOwnership ownership) {
        OwnedCommit before = commits.get(key);
        String owner = Objects.requireNonNull(ownership.deploymentId(), "owner");
        if (before != null && owner.equals(before.ownership().deploymentId())) {
            commits.put(key, new OwnedCommit(ownership, before.previous(), before.next()));
            return;
        }
        if (before != null) {
            remove(key);
        }
        CommitRange range = ranges.get(owner);
        String first = range == null ? null : range.first();
        commits.put(key, new OwnedCommit(ownership, null, first));
        if (first != null) {
            OwnedCommit second = element(first);
            commits.put(first, new OwnedCommit(second.ownership(), key, second.next()));
        }
        ranges.put(owner, new CommitRange(key, range == null ? 1 : range.size() + 1));
    }

    /** Takes a commit out of its range and forgets it. */
    void remove(String key) {
        OwnedCommit commit = commits.get(key);
        if (commit == null) {
            return;
        }
        commits.remove(key);
        String owner = Objects.requireNonNull(commit.ownership().deploymentId(), "owner");
        String previous = commit.previous();
        String next = commit.next();
        if (previous != null) {
            OwnedCommit before = element(previous);
            commits.put(previous, new OwnedCommit(before.ownership(), before.previous(), next));
        }
        if (next != null) {
            OwnedCommit after = element(next);
            commits.put(next, new OwnedCommit(after.ownership(), previous, after.next()));
        }
        CommitRange range = Objects.requireNonNull(ranges.get(owner), "range");
        String first = previous == null ? next : range.first();
        if (first == null) {
            ranges.remove(owner);
        } else {
            ranges.put(owner, new CommitRange(first, range.size() - 1));
        }
    }

    /** Returns the commits of a deployment's range, in no particular order. */
    List<CommitOwnership> of(String deploymentId) {
        CommitRange range = ranges.get(deploymentId);
        if (range == null) {
            return List.of();
        }
        var found = new ArrayList<CommitOwnership>(range.size());
        for (String key = range.first(); key != null; ) {
            OwnedCommit commit = element(key);
            found.add(commit.ownership());
            key = commit.next();
        }
        return found;
    }

    private OwnedCommit element(String key) {
        return Objects.requireNonNull(commits.get(key), () -> "no commit " + key);
    }
}
