package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What came of sending an order, or what whoever rolls back has said of it.
 *
 * @param order the order's id
 * @param outcome what came of it
 * @param at when
 * @param attempt how often it had been sent with this; 0 where it was not
 * @param words in words
 */
public record DeliveryReport(String order, Outcome outcome, Instant at, int attempt, String words) {
    public DeliveryReport {
        requireNonNull(order, "order");
        requireNonNull(outcome, "outcome");
        requireNonNull(at, "at");
        requireNonNull(words, "words");
    }

    /** What came of it. */
    public enum Outcome {
        /** It has not arrived, and is sent again. */
        FAILED,
        /** It has arrived. */
        DELIVERED,
        /** It has arrived, and will be done. */
        ACKNOWLEDGED,
        /** It has arrived and will not be done, or can never arrive. */
        REFUSED,
        /** It was not sent: rollbacks are stopped. */
        STOPPED,
        /** Whoever is to look at it has been told. */
        ESCALATED
    }
}
