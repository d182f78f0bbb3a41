package dev.sluice.sources;

import java.util.function.Function;

/** An adapter whose reading of a delivery depends on the mapping of its connection. */
public abstract class MappedAdapter implements SourceAdapter {
    private final String source;
    private final Function<String, ConnectionMapping> mappings;

    /**
     * Creates the adapter.
     *
     * @param source what stands before the native ids of what the source names
     * @param mappings how a connection's names become Sluice's
     */
    protected MappedAdapter(String source, Function<String, ConnectionMapping> mappings) {
        this.source = source;
        this.mappings = mappings;
    }

    @Override
    public final Outcome adapt(Delivery delivery) {
        try {
            return read(new DeliveryReading(delivery, mappings.apply(delivery.connection()), source));
        } catch (Rejection e) {
            return e.outcome();
        }
    }

    /**
     * Returns what a delivery says.
     *
     * @throws Rejection if it cannot be understood
     */
    protected abstract Outcome read(DeliveryReading reading);
}
