package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The identity and the two times of an event.
 *
 * @param id deterministic: the same fact from the same source always has the same id
 * @param tenant whose data it is; comes from the credential only
 * @param source the system that said it, e.g. {@code github} or the CloudEvents source
 * @param delivery the raw delivery that it was derived from
 * @param occurredAt event time at the source; every metric uses this one
 * @param receivedAt when Sluice received the delivery
 */
public record EventHeader(
        String id, String tenant, String source, String delivery, Instant occurredAt, Instant receivedAt) {
    public EventHeader {
        Texts.requireText(id, "id");
        Texts.requireText(tenant, "tenant");
        Texts.requireText(source, "source");
        Texts.requireText(delivery, "delivery");
        requireNonNull(occurredAt, "occurredAt");
        requireNonNull(receivedAt, "receivedAt");
    }
}
