package dev.sluice.dora;

import dev.sluice.delivery.CommitOwnership;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which deployed commits take others back, and which deployments that makes repairs and failures. A commit that touches no
 * file of the service takes nothing of it back, and nothing of the service is taken back with it.
 */
final class Reverts {
    private final LedgerTables tables;
    private final AttemptTimeline timeline;
    private final CommitRanges ranges;

    Reverts(LedgerTables tables, AttemptTimeline timeline, CommitRanges ranges) {
        this.tables = tables;
        this.timeline = timeline;
        this.ranges = ranges;
    }

    /** Notes that a commit is no longer owned as it was; call it before the ranges change. */
    void remove(String key, CommitOwnership before) {
        changeReverts(key, before, false);
        String owner = ownerHere(before);
        if (owner != null && !reverters(key).isEmpty()) {
            Lists.change(tables.failures().reverted(), owner, key, false);
        }
    }

    /** Notes that a commit is owned; call it after the ranges have changed. */
    void add(String key, CommitOwnership after) {
        changeReverts(key, after, true);
        String owner = ownerHere(after);
        if (owner != null && !reverters(key).isEmpty()) {
            Lists.change(tables.failures().reverted(), owner, key, true);
        }
    }

    private void changeReverts(String key, CommitOwnership change, boolean add) {
        String owner = ownerHere(change);
        if (change.reverts().isEmpty() || owner == null) {
            return;
        }
        Lists.change(tables.reverting(), owner, key, add);
        for (String sha : change.reverts()) {
            String reverted = CommitRanges.key(change.repository(), sha);
            Lists.change(tables.reverters(), reverted, key, add);
            String revertedOwner = ownerHere(ranges.get(reverted));
            if (revertedOwner != null) {
                Lists.change(
                        tables.failures().reverted(),
                        revertedOwner,
                        reverted,
                        !reverters(reverted).isEmpty());
            }
        }
    }

    /** Returns the owned commits that revert a commit. */
    List<String> reverters(String key) {
        return Lists.of(tables.reverters(), key);
    }

    /** Returns the deployment that first brought a commit of the service; null where none did. */
    private static @Nullable String ownerHere(@Nullable CommitOwnership change) {
        return change == null || change.elsewhere() ? null : change.deploymentId();
    }

    /** Returns the deployments that first brought the commits that a change reverts. */
    Set<String> ownersOfReverted(CommitOwnership change) {
        var owners = new TreeSet<String>();
        for (String sha : change.elsewhere() ? List.<String>of() : change.reverts()) {
            String owner = ownerHere(ranges.get(CommitRanges.key(change.repository(), sha)));
            if (owner != null) {
                owners.add(owner);
            }
        }
        return owners;
    }

    /** Returns the deployments that first brought the commits that those of a deployment revert. */
    Set<String> ownersOfReverted(String deploymentId) {
        var owners = new TreeSet<String>();
        for (String key : Lists.of(tables.reverting(), deploymentId)) {
            CommitOwnership revert = ranges.get(key);
            if (revert != null) {
                owners.addAll(ownersOfReverted(revert));
            }
        }
        return owners;
    }

    /** Returns the deployments that hold a revert of a commit of a deployment. */
    Set<String> takingBack(String deploymentId) {
        var deployments = new TreeSet<String>();
        for (String reverted : Lists.of(tables.failures().reverted(), deploymentId)) {
            for (String reverter : reverters(reverted)) {
                String owner = ownerHere(ranges.get(reverter));
                if (owner != null) {
                    deployments.add(owner);
                }
            }
        }
        return deployments;
    }

    /** Returns whether a deployment holds a revert of a commit that an earlier one had brought. */
    boolean takesAChangeBack(AttemptRow row) {
        return ownersOfReverted(row.id()).stream()
                .map(timeline::get)
                .anyMatch(brought -> brought != null && brought.isSuccess() && brought.compareTo(row) < 0);
    }
}
