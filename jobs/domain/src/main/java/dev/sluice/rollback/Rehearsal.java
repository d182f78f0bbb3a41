package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a rollback that was a drill has shown.
 *
 * @param succeeded whether the earlier version was seen to run
 * @param took from being asked for until that was clear; not negative
 * @param at when it was clear
 */
public record Rehearsal(boolean succeeded, Duration took, Instant at) {
    public Rehearsal {
        requireNonNull(took, "took");
        requireNonNull(at, "at");
    }

    /** Returns what an order has shown: nothing while it is under way, of one that is no drill, and where nothing was tried, as by a plan that holds orders. */
    public static Optional<Rehearsal> of(RollbackOrder order) {
        boolean succeeded = order.state() == OrderState.VERIFIED;
        boolean failed = switch (order.state()) {
            case EXPIRED, REFUSED, UNVERIFIED, NO_TARGET -> true;
            case ORDERED, DELIVERED, ACKNOWLEDGED, VERIFIED, HELD, DRY_RUN, FENCED, STOPPED, CAPPED -> false;
        };
        if (!order.trigger().drill() || !(succeeded || failed)) {
            return Optional.empty();
        }
        Duration took = Duration.between(order.trigger().at(), order.since());
        return Optional.of(new Rehearsal(succeeded, took.isNegative() ? Duration.ZERO : took, order.since()));
    }
}
