package dev.sluice.gateapi.access;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.wire.Keys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers uses in the memory of this replica: what was used in another one, or before a restart, is not known here. It remembers
 * so many; where there are as many, nothing more can be used until some are past.
 */
public final class SingleUseInReplica implements SingleUse {
    private static final int MOST = 100_000;
    private static final long SWEEP_MS = Duration.ofSeconds(1).toMillis();

    private final Clock clock;
    private final int most;
    private final ConcurrentHashMap<String, Instant> used = new ConcurrentHashMap<>();
    private final AtomicLong sweptMillis = new AtomicLong();

    /**
     * Creates one that knows of no use.
     *
     * @param clock tells what is past
     */
    public SingleUseInReplica(Clock clock) {
        this(clock, MOST);
    }

    SingleUseInReplica(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    @Override
    public CompletableFuture<Boolean> firstUse(String tenant, String kind, String id, Instant until) {
        sweep();
        if (used.size() >= most) {
            return CompletableFuture.failedFuture(
                    new ApiException(ErrorType.BUSY, "too much was used of late to remember more"));
        }
        return CompletableFuture.completedFuture(used.putIfAbsent(Keys.of(tenant, kind, id), until) == null);
    }

    private void sweep() {
        long now = clock.millis();
        long before = sweptMillis.get();
        if (now - before >= SWEEP_MS && sweptMillis.compareAndSet(before, now)) {
            Instant past = Instant.ofEpochMilli(now);
            used.values().removeIf(until -> !until.isAfter(past));
        }
    }
}
