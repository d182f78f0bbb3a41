package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery, or one event of it, that became nothing: what it was, why, and where its bytes are.
 *
 * @param tenant whose data it is
 * @param disposition what became of it
 * @param source the adapter
 * @param connection the connection that it came in by
 * @param delivery the delivery's public id
 * @param deliveryKey the sender's own id
 * @param event the sender's name for the kind of event
 * @param reason a short stable code, e.g. {@code MALFORMED_JSON}, {@code UNKNOWN_EVENT}
 * @param detail one sentence for a person
 * @param pointer JSON pointer (RFC 6901) to what is wrong, where there is one
 * @param receivedAt when it was received
 */
public record DeadLetter(
        String tenant,
        Disposition disposition,
        String source,
        String connection,
        String delivery,
        String deliveryKey,
        String event,
        String reason,
        String detail,
        @Nullable String pointer,
        Instant receivedAt) {
    public DeadLetter {
        requireNonNull(disposition, "disposition");
        requireNonNull(reason, "reason");
    }

    /** What became of a delivery that gave no event. */
    public enum Disposition {
        /** It could not be understood. */
        DEAD_LETTER,
        /** It was understood and concerns no metric. */
        IGNORED,
        /** The same delivery had come before. */
        DUPLICATE
    }
}
