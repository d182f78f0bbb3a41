package dev.sluice.sources;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the reading of any part of a delivery needs.
 *
 * @param delivery the delivery
 * @param mapping how the names of its connection become Sluice's
 * @param source the system that says it, before the native ids of what it names
 */
public record DeliveryReading(Delivery delivery, ConnectionMapping mapping, String source) {

    /**
     * Returns the root of the delivery's body.
     *
     * @throws Rejection if it is not one JSON document
     */
    public Place body() {
        return Documents.read(delivery.body());
    }

    /**
     * Returns the header of an event.
     *
     * @param occurredAt when it happened
     * @param identity what tells the event from all others of the source, however often it is sent
     */
    public EventHeader header(Instant occurredAt, String... identity) {
        String[] parts = Stream.concat(Stream.of(delivery.tenant(), source), Stream.of(identity))
                .toArray(String[]::new);
        return delivery.header(source, EventIds.of(parts), occurredAt);
    }

    /**
     * Returns the time that stands somewhere, at which something had happened when the delivery was sent.
     *
     * @throws Rejection if there is none, or it lies in the future
     */
    public Instant past(Place time) {
        return delivery.past(time.time(), time);
    }

    /** The same; null where nothing stands. */
    public @Nullable Instant optionalPast(Place time) {
        return time.isAbsent() ? null : past(time);
    }

    /** Returns the service that the source calls so; the connection's where it names none, null where neither does. */
    public @Nullable String service(@Nullable String name) {
        return name == null ? mapping.service() : mapping.services().getOrDefault(name, name);
    }

    /** Returns the environment that the source names; the connection's where it names none, null where neither does. */
    public @Nullable String environment(@Nullable String name) {
        return name == null ? mapping.environment() : name;
    }

    /** Returns what an event that happened in an environment comes to; one that names none is taken. */
    public Outcome in(@Nullable String environment, DeliveryEvent event) {
        return environment == null || mapping.takes(environment)
                ? new Outcome.Events(event)
                : Outcome.Ignored.environment(delivery, environment);
    }
}
