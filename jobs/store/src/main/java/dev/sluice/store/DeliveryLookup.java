package dev.sluice.store;

import java.util.function.Function;
import java.util.function.Supplier;

/** What the store knows of a delivery. */
public sealed interface DeliveryLookup {
    /**
     * The delivery is stored.
     *
     * @param delivery what it is and what became of it
     */
    record Found(StoredDelivery delivery) implements DeliveryLookup {
        @Override
        public <T> T fold(Function<StoredDelivery, T> found, Supplier<T> notStoredYet, Supplier<T> unknown) {
            return found.apply(delivery);
        }
    }

    /** The store has not come so far: there may be such a delivery. */
    record NotStoredYet() implements DeliveryLookup {
        @Override
        public <T> T fold(Function<StoredDelivery, T> found, Supplier<T> notStoredYet, Supplier<T> unknown) {
            return notStoredYet.get();
        }
    }

    /** The store has passed the place, and the tenant has no such delivery. */
    record Unknown() implements DeliveryLookup {
        @Override
        public <T> T fold(Function<StoredDelivery, T> found, Supplier<T> notStoredYet, Supplier<T> unknown) {
            return unknown.get();
        }
    }

    /** Returns what the function of the case that holds returns. */
    <T> T fold(Function<StoredDelivery, T> found, Supplier<T> notStoredYet, Supplier<T> unknown);
}
