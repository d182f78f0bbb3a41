package dev.sluice.gateapi.deliver;

import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.wire.RollbackRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is to be said of an order. The message is made when it is sent: an order may wait for long, and is looked at again and again. */
enum Word {
    /** The order itself. */
    ORDER,
    /** That people must look at it. */
    ESCALATION;

    private static final Duration ESCALATED_WITHIN = Duration.ofHours(24);

    /** Returns what is to be said now; null for nothing. */
    static @Nullable Word of(RollbackOrder order, Instant now) {
        if (order.state() == OrderState.ORDERED) {
            return ORDER;
        }
        boolean isDue = order.state().isEscalated()
                && order.escalation() != null
                && order.peopleToldAt() == null
                && order.since().plus(ESCALATED_WITHIN).isAfter(now);
        return isDue ? ESCALATION : null;
    }

    /** Returns the id of the message. */
    String id(RollbackOrder order) {
        return this == ORDER ? order.id() : order.id() + "-escalated";
    }

    /** Returns the name of the endpoint that is told. */
    String endpoint(RollbackOrder order) {
        return this == ORDER ? order.endpoint() : String.valueOf(order.escalation());
    }

    /** Returns the message. */
    Message message(RollbackRow row, RollbackOrder order) {
        return this == ORDER ? Message.order(row, order) : Message.escalation(row, order);
    }

    /** Returns the name by which what came of it is counted. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
