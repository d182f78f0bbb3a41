package dev.sluice.simulation;

import dev.sluice.delivery.DeliveryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A generated delivery history.
 *
 * @param seed what it was made from
 * @param tenant whose data: one tenant a seed
 * @param events each once, in the order in which they were made
 * @param end a moment after all of them
 */
public record History(long seed, String tenant, List<DeliveryEvent> events, Instant end) {
    public History {
        events = List.copyOf(events);
    }

    /** Returns the events in the order in which they happened. */
    public List<DeliveryEvent> inOrder() {
        return events.stream()
                .sorted(Comparator.comparing(event -> event.header().occurredAt()))
                .toList();
    }

    /** Returns the events in any order, each once. */
    public List<DeliveryEvent> shuffled(long shuffleSeed) {
        var shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(shuffleSeed));
        return shuffled;
    }

    /** Returns the events as a careless network delivers them: shuffled, some twice. */
    public List<DeliveryEvent> delivered(long shuffleSeed) {
        var random = new Random(shuffleSeed);
        var delivered = new ArrayList<>(events);
        for (DeliveryEvent event : events) {
            if (random.nextInt(4) == 0) {
                delivered.add(event);
            }
        }
        Collections.shuffle(delivered, random);
        return delivered;
    }
}
