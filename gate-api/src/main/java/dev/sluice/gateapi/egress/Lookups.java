package dev.sluice.gateapi.egress;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks addresses up. Each lookup waits for the resolver of the machine, which cannot be told to hurry: so whoever has names that hang takes
 * no more than a share of the threads, and what is more than that waits for its turn.
 */
final class Lookups implements AutoCloseable {
    private static final int AT_ONCE = 32;
    private static final int SHARE = 4;
    private static final int MOST_WAITING = 1_000;
    private static final int MOST_WAITING_OF_ONE = 250;

    private final ThreadPoolExecutor threads;
    private final Map<String, Turns> turns = new HashMap<>();

    Lookups(ThreadFactory factory) {
        threads = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(MOST_WAITING), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Looks something up. Whoever cancels it while it waits saves the lookup.
     *
     * @param whose of whose share
     * @param lookup may block
     * @return what was found; fails with a {@link RejectedExecutionException} where too much waits
     */
    <T> CompletableFuture<T> begin(String whose, Supplier<T> lookup) {
        var found = new Lookup<>(whose, lookup, new CompletableFuture<T>());
        synchronized (turns) {
            Turns own = turns.computeIfAbsent(whose, first -> new Turns());
            if (own.running == SHARE) {
                return own.waiting.size() < MOST_WAITING_OF_ONE && own.waiting.add(found)
                        ? found.result()
                        : CompletableFuture.failedFuture(new RejectedExecutionException("too many lookups wait"));
            }
            own.running++;
        }
        start(found);
        return found.result();
    }

    private void start(Lookup<?> next) {
        @Nullable Lookup<?> one = next;
        while (one != null) {
            Lookup<?> begun = one;
            try {
                threads.execute(() -> run(begun));
                return;
            } catch (RejectedExecutionException e) {
                begun.result().completeExceptionally(e);
                one = following(begun.whose());
            }
        }
    }

    private void run(Lookup<?> lookup) {
        try {
            lookup.run();
        } finally {
            @Nullable Lookup<?> next = following(lookup.whose());
            if (next != null) {
                start(next);
            }
        }
    }

    /** Returns whose turn it is after one that is over; null where nobody's who still waits. */
    private @Nullable Lookup<?> following(String whose) {
        synchronized (turns) {
            Turns own = turns.computeIfAbsent(whose, first -> new Turns());
            @Nullable Lookup<?> next = own.waiting.poll();
            while (next != null && next.result().isDone()) {
                next = own.waiting.poll();
            }
            if (next == null) {
                own.running--;
                if (own.running == 0) {
                    turns.remove(whose);
                }
            }
            return next;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class Turns {
        private final Queue<Lookup<?>> waiting = new ArrayDeque<>();
        private int running;
    }

    private record Lookup<T>(String whose, Supplier<T> lookup, CompletableFuture<T> result) {
        void run() {
            if (result.isDone()) {
                return;
            }
            try {
                result.complete(lookup.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }
}
