package dev.sluice.gateapi.report;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes sure that ClickHouse has come as far as a question asks about. */
final class StoreProgress {
    private static final Duration MAX_WAIT = Duration.ofSeconds(9);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final StoreQueries store;

    StoreProgress(StoreQueries store) {
        this.store = store;
    }

    /**
     * Returns before which moment everything that was received is stored. Waits for the moment that is asked about as long as
     * the query parameter {@code wait} allows.
     *
     * @param wanted the moment; null for none
     * @return the moment; empty before the first report. Fails with an {@link ApiException} 503 if it is before the wanted one
     * @throws ApiException if {@code wait} is wrong, there is no ClickHouse, or too many ask
     */
    CompletableFuture<Optional<Instant>> through(Context ctx, @Nullable Instant wanted) {
        Duration wait =
                DoraQuery.of(ctx, "wait", Durations::parse, Durations.EXPECTED).orElse(Duration.ZERO);
        if (wait.compareTo(MAX_WAIT) > 0) {
            throw new ApiException(ErrorType.BAD_REQUEST, "wait must be at most 9s");
        }
        return through(wanted, System.nanoTime() + wait.toNanos());
    }

    /** Asks how far the store is until it is far enough; no thread waits meanwhile. */
    private CompletableFuture<Optional<Instant>> through(@Nullable Instant wanted, long deadlineNanos) {
        return store.ask(database -> database.dora().storedThrough()).thenCompose(stored -> {
            boolean enough =
                    wanted == null || (stored.isPresent() && !stored.get().isBefore(wanted));
            if (enough) {
                return CompletableFuture.completedFuture(stored);
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                return CompletableFuture.failedFuture(
                        new ApiException(ErrorType.UNAVAILABLE, "ClickHouse has not come so far; try again"));
            }
            var later = CompletableFuture.delayedExecutor(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(() -> {}, later).thenCompose(waited -> through(wanted, deadlineNanos));
        });
    }
}
