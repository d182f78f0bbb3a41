package dev.sluice.gateapi.views;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who waits until another row of a key has been read. One thread reads, any wait. */
final class Changes {
    private final List<Awaited> awaited = new ArrayList<>();

    /** Returns when the next row of the key has been read; whoever waits no longer cancels it. */
    synchronized CompletableFuture<Void> next(String key) {
        awaited.removeIf(given -> given.read().isDone());
        var read = new CompletableFuture<Void>();
        awaited.add(new Awaited(key, read));
        return read;
    }

    /** A row of the key has been read. */
    void read(String key) {
        List<Awaited> told;
        synchronized (this) {
            told = awaited.stream().filter(one -> one.key().equals(key)).toList();
            awaited.removeAll(told);
        }
        told.forEach(one -> one.read().complete(null));
    }

    /** Returns how many are kept that wait, or have waited. */
    synchronized int size() {
        return awaited.size();
    }

    private record Awaited(String key, CompletableFuture<Void> read) {}
}
