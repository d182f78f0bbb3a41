package dev.sluice.gateapi.http;

import java.util.concurrent.Semaphore;

/**
 * How many requests may hold a thread at once. It is smaller than the server's thread pool: whatever blocks the requests
 * (slow senders, a broker that is away), threads are left for health.
 */
final class RequestSlots {
    private final Semaphore free;

    RequestSlots(int count) {
        free = new Semaphore(count);
    }

    /** Takes a slot; closing it gives it back. */
    Slot take() {
        if (!free.tryAcquire()) {
            throw new ApiException(ErrorType.BUSY, "too many requests are under way");
        }
        return free::release;
    }

    interface Slot extends AutoCloseable {
        @Override
        void close();
    }
}
