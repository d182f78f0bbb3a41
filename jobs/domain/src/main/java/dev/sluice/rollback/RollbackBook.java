package dev.sluice.rollback;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one service in one environment, to decide on rollbacks and to follow them.
 *
 * @param plan what is set up; null for nothing
 * @param planSince since when; null without a plan
 * @param current what runs; null where nothing is known to
 * @param known the latest successful deployments, the newest first
 * @param left versions, commits and digests that were to go, or whose deployments failed long ago, the latest first
 * @param rehearsed deployments from which a drill went back, the latest first: that they were rolled back says nothing of them
 * @param waiting triggers on which nothing is decided yet
 * @param decided those on which something is, until they are too old to come again
 * @param automatic when orders were given within the last hour that nobody had asked for
 * @param early reports on orders that are not given yet: after a restart they may be read before what gives the order
 * @param order the latest order; null where there is none, or it is over for long
 */
public record RollbackBook(
        @Nullable RollbackPlan plan,
        @Nullable Instant planSince,
        @Nullable KnownDeployment current,
        List<KnownDeployment> known,
        List<String> left,
        @Nullable List<String> rehearsed,
        List<RollbackTrigger> waiting,
        List<Decided> decided,
        List<Instant> automatic,
        List<DeliveryReport> early,
        @Nullable RollbackOrder order) {
    /** The book of which nothing is known. */
    public static final RollbackBook EMPTY = new RollbackBook(
            null, null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);

    public RollbackBook {
        known = List.copyOf(known);
        left = List.copyOf(left);
        // books that were kept before there were drills have none
        rehearsed = rehearsed == null ? List.of() : List.copyOf(rehearsed);
        waiting = List.copyOf(waiting);
        decided = List.copyOf(decided);
        automatic = List.copyOf(automatic);
        early = List.copyOf(early);
    }

    /**
     * A trigger on which something was decided.
     *
     * @param order the id of the order that it gives, whether one came of it or not
     * @param at when the trigger was
     */
    public record Decided(String order, Instant at) {}

    /** Returns whether nothing is left that need be kept. */
    public boolean holdsNothing() {
        return plan == null
                && current == null
                && known.isEmpty()
                && waiting.isEmpty()
                && early.isEmpty()
                && order == null;
    }
}
