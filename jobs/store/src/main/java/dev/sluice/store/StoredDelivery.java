package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery and what became of it.
 *
 * @param id its public id
 * @param tenant whose data it is
 * @param source the adapter
 * @param connection the connection that it came in by
 * @param event the sender's name for the kind of event
 * @param principal who sent it, by the credential that it came with
 * @param receivedAt when it was appended to the raw topic
 * @param outcome what became of it
 * @param events the events that it gave, by time; empty unless the outcome is EVENTS
 * @param reason a short stable code; null for PENDING and EVENTS
 * @param detail one sentence for a person; null for PENDING and EVENTS
 * @param pointer JSON pointer to what is wrong, where there is one
 */
public record StoredDelivery(
        String id,
        String tenant,
        String source,
        String connection,
        String event,
        String principal,
        Instant receivedAt,
        Outcome outcome,
        List<DerivedEvent> events,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable String pointer) {
    public StoredDelivery {
        requireNonNull(outcome, "outcome");
        events = List.copyOf(events);
    }

    /** What became of a delivery. */
    public enum Outcome {
        /** Not known yet. */
        PENDING,
        /** It gave events. */
        EVENTS,
        /** It could not be understood. */
        DEAD_LETTER,
        /** It was understood and concerns no metric. */
        IGNORED,
        /** The same delivery had come before. */
        DUPLICATE
    }

    /**
     * An event that a delivery gave.
     *
     * @param id the event's id
     * @param type its type
     * @param subject what it is about
     * @param occurredAt when it happened at the source
     * @param correction who made the correction that it is, and why; null of any other event
     */
    public record DerivedEvent(
            String id,
            String type,
            String subject,
            Instant occurredAt,
            @Nullable Correction correction) {}

    /**
     * Who corrected something, and why.
     *
     * @param principal whose credential the correction came with
     * @param reason why, in the words of who made it
     * @param ticket where that is discussed, if somewhere
     */
    public record Correction(
            String principal, String reason, @Nullable String ticket) {}
}
