package dev.sluice.gateapi.audit;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.ReadBack;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * What became of decisions that were pending: of all final ones of an id, by whichever replica, the first in the log. One thread reads, any
 * asks.
 */
public final class FirstFinals {
    private static final Duration READ_BACK = Duration.ofSeconds(2);

    private final ReadBack readBack;
    private final Clock clock;
    private final Map<String, First> finals = new ConcurrentHashMap<>();

    FirstFinals(ReadBack readBack, Clock clock) {
        this.readBack = readBack;
        this.clock = clock;
    }

    /**
     * The next record of the log is what became of a decision that was pending.
     *
     * @return whether it is the first, which counts
     */
    boolean read(String id, long offset) {
        return finals.computeIfAbsent(id, first -> new First(offset, clock.instant()))
                        .offset()
                == offset;
    }

    /** Forgets what was read before a moment. */
    void forget(Instant before) {
        finals.values().removeIf(first -> first.readAt().isBefore(before));
    }

    /**
     * Returns where the first final decision of an id stands.
     *
     * @param id of a decision that was pending
     * @param partition where one of them stands
     * @param offset at which it stands
     * @return its offset; fails with an {@link ApiException} 503 if that is not known in time
     */
    public CompletableFuture<Long> first(String id, TopicPartition partition, long offset) {
        return readBack.of(partition, offset)
                .orTimeout(READ_BACK.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    throw new ApiException(
                            ErrorType.UNAVAILABLE, "the log has not been read back yet; try again", late);
                })
                .thenApply(read -> {
                    First first = finals.get(id);
                    return first == null ? offset : first.offset();
                });
    }

    private record First(long offset, Instant readAt) {}
}
