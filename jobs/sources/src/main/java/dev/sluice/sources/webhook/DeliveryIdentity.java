package dev.sluice.sources.webhook;

import static java.util.Objects.requireNonNull;

/**
 * What a sender calls one of its deliveries.
 *
 * @param key the sender's own id, the same for every attempt to deliver it; the same one again is a repetition
 * @param event the sender's name for the kind of event; empty where the body says it
 */
public record DeliveryIdentity(String key, String event) {
    public DeliveryIdentity {
        requireNonNull(key, "key");
        requireNonNull(event, "event");
    }
}
