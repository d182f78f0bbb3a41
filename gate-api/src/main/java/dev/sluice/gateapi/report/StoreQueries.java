package dev.sluice.gateapi.report;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.store.Store;
import dev.sluice.store.StoreUnavailableException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks ClickHouse on a few threads of its own, so that a slow one holds up nothing else. */
public final class StoreQueries implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int MAX_WAITING = 64;

    private final @Nullable Store store;
    private final ThreadPoolExecutor threads = threads("gate-api-store");
    private final ThreadPoolExecutor reportThreads = threads("gate-api-report");

    /**
     * Creates the queries; closes the store with itself.
     *
     * @param store the database; null where none is configured
     */
    public StoreQueries(@Nullable Store store) {
        this.store = store;
    }

    /**
     * Asks a question.
     *
     * @return the answer; fails with an {@link ApiException} if ClickHouse is away
     * @throws ApiException if there is no ClickHouse, or too many ask
     */
    <T> CompletableFuture<T> ask(Function<Store, T> question) {
        return ask(threads, question);
    }

    /** The same for what may take seconds: it has threads of its own, so that no other question waits for it. */
    public <T> CompletableFuture<T> askAtLength(Function<Store, T> question) {
        return ask(reportThreads, question);
    }

    private <T> CompletableFuture<T> ask(ThreadPoolExecutor executor, Function<Store, T> question) {
        Store present = store;
        if (present == null) {
            throw new ApiException(ErrorType.UNAVAILABLE, "no ClickHouse is configured");
        }
        try {
            return CompletableFuture.supplyAsync(() -> answer(present, question), executor);
        } catch (RejectedExecutionException e) {
            throw new ApiException(ErrorType.BUSY, "too many queries are waiting for ClickHouse", e);
        }
    }

    private static ThreadPoolExecutor threads(String name) {
        var threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    var thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static <T> T answer(Store store, Function<Store, T> question) {
        try {
            return question.apply(store);
        } catch (StoreUnavailableException e) {
            throw new ApiException(ErrorType.UNAVAILABLE, "ClickHouse is away or slow; try again", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        reportThreads.shutdownNow();
        if (store != null) {
            store.close();
        }
    }
}
