package dev.sluice.sources;

/** Understands the deliveries of one kind of source system. */
@FunctionalInterface
public interface SourceAdapter {

    /**
     * Returns what a delivery says: the same result for the same delivery, whenever it is asked. Wrong bytes of any
     * kind are {@link Outcome.Malformed}, never an exception.
     */
    Outcome adapt(Delivery delivery);
}
