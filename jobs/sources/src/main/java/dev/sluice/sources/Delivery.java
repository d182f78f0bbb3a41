package dev.sluice.sources;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.EventHeader;
import dev.sluice.wire.RawDelivery;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A raw delivery as an adapter sees it.
 *
 * @param tenant whose data it is
 * @param source name of the adapter that understands it
 * @param connection the configured connection that it came in by
 * @param id the delivery's public id, see {@link RawDelivery#deliveryId}
 * @param deliveryKey the sender's own id
 * @param event the sender's name for the kind of event; empty where the body says it
 * @param principal who sent it, by the credential that it came with
 * @param contentType media type of the body
 * @param receivedAt when Sluice received it
 * @param parameters what the sender said beside the body, by name
 * @param body the bytes as they came; never changed
 */
public record Delivery(
        String tenant,
        String source,
        String connection,
        String id,
        String deliveryKey,
        String event,
        String principal,
        String contentType,
        Instant receivedAt,
        Map<String, String> parameters,
        byte[] body) {
    public Delivery {
        requireNonNull(tenant, "tenant");
        requireNonNull(source, "source");
        requireNonNull(connection, "connection");
        requireNonNull(id, "id");
        requireNonNull(deliveryKey, "deliveryKey");
        requireNonNull(event, "event");
        requireNonNull(principal, "principal");
        requireNonNull(contentType, "contentType");
        requireNonNull(receivedAt, "receivedAt");
        parameters = Map.copyOf(parameters);
        requireNonNull(body, "body");
    }

    /**
     * Returns a delivery read from the raw topic.
     *
     * @param raw the record
     * @param id the delivery's public id
     * @param receivedAt when the broker appended it
     */
    public static Delivery of(RawDelivery raw, String id, Instant receivedAt) {
        return new Delivery(
                raw.tenant(),
                raw.source(),
                raw.connection(),
                id,
                raw.deliveryKey(),
                raw.event(),
                raw.principal(),
                raw.contentType(),
                receivedAt,
                raw.parameters(),
                raw.body());
    }

    /**
     * Returns the header of an event that this delivery tells of.
     *
     * @param eventSource the system that says it
     * @param eventId the event's own id
     * @param occurredAt event time at the source
     */
    public EventHeader header(String eventSource, String eventId, Instant occurredAt) {
        return new EventHeader(eventId, tenant, eventSource, id, occurredAt, receivedAt);
    }

    /**
     * Returns when something happened that this delivery tells of.
     *
     * @param time the time, read from {@code place}
     * @param place where it stands
     * @throws Rejection if it is more than five minutes after the receipt
     */
    public Instant past(Instant time, Place place) {
        return EventTimes.occurred(time, receivedAt, place.pointer());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Delivery that
                && tenant.equals(that.tenant)
                && source.equals(that.source)
                && connection.equals(that.connection)
                && id.equals(that.id)
                && deliveryKey.equals(that.deliveryKey)
                && event.equals(that.event)
                && principal.equals(that.principal)
                && contentType.equals(that.contentType)
                && receivedAt.equals(that.receivedAt)
                && parameters.equals(that.parameters)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tenant, source, connection, id, deliveryKey, receivedAt, Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return "Delivery[" + id + " " + source + "/" + connection + " " + event + ", " + body.length + " bytes]";
    }
}
