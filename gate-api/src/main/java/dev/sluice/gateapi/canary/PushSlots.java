package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Lets few pushes of metrics be under way at once: each may take tens of megabytes of memory, however small it came. */
public final class PushSlots {
    private final Semaphore free;

    /**
     * Creates slots.
     *
     * @param number how many pushes may be under way
     */
    public PushSlots(int number) {
        this.free = new Semaphore(number);
    }

    /**
     * Takes a push.
     *
     * @param push what is to be done
     * @return done when it is
     * @throws ApiException 503 if there is no slot
     */
    CompletableFuture<Void> take(Supplier<CompletableFuture<Void>> push) {
        if (!free.tryAcquire()) {
            throw new ApiException(ErrorType.BUSY, "too many pushes of metrics are under way");
        }
        boolean isTaken = false;
        try {
            CompletableFuture<Void> taken = push.get().whenComplete((done, failure) -> free.release());
            isTaken = true;
            return taken;
        } finally {
            if (!isTaken) {
                free.release();
            }
        }
    }
}
