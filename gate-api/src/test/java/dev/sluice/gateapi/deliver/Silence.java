package dev.sluice.gateapi.deliver;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a server do what it is asked for, and say nothing of it for a while. */
final class Silence {
    private final AtomicInteger kept = new AtomicInteger();
    private volatile CountDownLatch end = new CountDownLatch(0);
    private volatile boolean reads;
    private volatile boolean changes;

    /** Nothing is said from now on to requests that read something, or to those that change something. */
    void begin(boolean ofChanges) {
        kept.set(0);
        end = new CountDownLatch(1);
        reads = !ofChanges;
        changes = ofChanges;
    }

    /** What was kept back is said, and all that is asked from now on. */
    void end() {
        reads = false;
        changes = false;
        end.countDown();
    }

    /** Returns to how many requests nothing was said since it has begun. */
    int kept() {
        return kept.get();
    }

    /** Returns when a request may be answered. */
    void keep(String method) {
        if (method.equals("GET") ? reads : changes) {
            kept.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
