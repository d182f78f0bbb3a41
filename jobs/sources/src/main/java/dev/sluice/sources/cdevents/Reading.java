package dev.sluice.sources.cdevents;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the reading of every kind of CDEvent has in common.
 *
 * @param delivery what the event came in
 * @param mapping how the names of its connection become Sluice's
 */
record Reading(Delivery delivery, ConnectionMapping mapping) {

    /** An event's identity is (source, id) of its context, so that the same one sent twice has the same id. */
    EventHeader header(CdEvent event) {
        Place timestamp = event.timestamp();
        return delivery.header(
                event.source(),
                EventIds.of(delivery.tenant(), event.source(), "cdevent", event.id()),
                delivery.past(timestamp.time(), timestamp));
    }

    /** Returns what an event that happened in an environment comes to; one that names none is taken. */
    Outcome in(@Nullable String environment, DeliveryEvent event) {
        return environment == null || mapping.takes(environment)
                ? new Outcome.Events(event)
                : Outcome.Ignored.environment(delivery, environment);
    }

    /** Returns a time at which something had happened when the event was sent; null if none is given. */
    @Nullable
    Instant past(Place place) {
        Instant time = place.optionalTime();
        return time == null ? null : delivery.past(time, place);
    }

    /** Returns which word on its subject this is; 0 where nothing is said. */
    static long revision(Place place) {
        return place.isAbsent() ? 0 : place.number();
    }

    /** Returns what is stated, else something else. */
    static @Nullable String or(Place stated, @Nullable String otherwise) {
        String text = stated.optionalText();
        return text == null ? otherwise : text;
    }
}
