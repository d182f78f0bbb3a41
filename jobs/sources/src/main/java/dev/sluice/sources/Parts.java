package dev.sluice.sources;

import dev.sluice.delivery.DeliveryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the parts of a delivery come to, each by itself: one that cannot be understood takes no other with it. */
public final class Parts {
    private final List<DeliveryEvent> events = new ArrayList<>();
    private final List<Outcome.Malformed> skipped = new ArrayList<>();
    private Outcome.@Nullable Ignored ignored;

    /** Adds a part by what it comes to; a {@link Rejection} of it is that too. */
    public void add(Supplier<Outcome> part) {
        Outcome outcome;
        try {
            outcome = part.get();
        } catch (Rejection e) {
            outcome = e.outcome();
        }
        outcome.accept(new Outcome.Visitor<Boolean>() {
            @Override
            public Boolean events(Outcome.Events understood) {
                skipped.addAll(understood.skipped());
                return events.addAll(understood.events());
            }

            @Override
            public Boolean ignored(Outcome.Ignored unused) {
                ignored = ignored == null ? unused : ignored;
                return true;
            }

            @Override
            public Boolean malformed(Outcome.Malformed malformed) {
                return skipped.addAll(malformed.each());
            }
        });
    }

    /**
     * Returns what the delivery comes to: the events and the parts that were not understood; without an event those
     * parts alone, else the first that was ignored.
     *
     * @param none what a delivery without parts comes to
     */
    public Outcome outcome(Outcome.Ignored none) {
        if (!events.isEmpty()) {
            return new Outcome.Events(events, skipped);
        }
        if (!skipped.isEmpty()) {
            return Outcome.Malformed.ofParts(skipped);
        }
        return ignored == null ? none : ignored;
    }
}
