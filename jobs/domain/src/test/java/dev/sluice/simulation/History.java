package dev.sluice.simulation;

import dev.sluice.delivery.DeliveryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A generated delivery history.
 *
 * @param seed what it was made from
 * @param tenant whose data: one tenant a seed
 * @param events in the order in which they happened, each once
 * @param end a moment after all of them
 */
public record History(long seed, String tenant, List<DeliveryEvent> events, Instant end) {
    public History {
        events = List.copyOf(events);
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
        java.util.Collections.shuffle(delivered, random);
        return delivered;
    }
}
