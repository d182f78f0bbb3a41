package dev.sluice.gateapi.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookupsTest {
    private final Lookups lookups = new Lookups(task -> {
        var thread = new Thread(task, "lookups-test");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch released = new CountDownLatch(1);
    private final Semaphore begun = new Semaphore(0);
    private final AtomicInteger lookedUp = new AtomicInteger();

    @AfterEach
    void close() {
        released.countDown();
        lookups.close();
    }

    private String hang() {
        begun.release();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lookedUp.incrementAndGet();
        return "found";
    }

    private List<CompletableFuture<String>> hanging(String whose, int count) {
        var all = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < count; i++) {
            all.add(lookups.begin(whose, this::hang));
        }
        return all;
    }

    private static String quick(CompletableFuture<String> lookup) throws Exception {
        return lookup.get(10, TimeUnit.SECONDS);
    }

    @Test
    void namesThatHangTakeTheShareOfOne_andHoldUpNobodyElse() throws Exception {
        List<CompletableFuture<String>> hanging = hanging("acme", 100);
        assertThat(begun.tryAcquire(4, 10, TimeUnit.SECONDS)).isTrue();

        assertThat(quick(lookups.begin("other", () -> "other's"))).isEqualTo("other's");
        assertThat(begun.availablePermits()).isZero();

        released.countDown();
        for (CompletableFuture<String> one : hanging) {
            assertThat(quick(one)).isEqualTo("found");
        }
        assertThat(quick(lookups.begin("acme", () -> "again"))).isEqualTo("again");
    }

    @Test
    void noMoreWaitThanCanBeKept() {
        List<CompletableFuture<String>> hanging = hanging("acme", 255);

        assertThat(hanging.get(253)).isNotDone();
        assertThat(hanging.get(254)).isCompletedExceptionally();
    }

    @Test
    void whatIsCancelledWhileItWaitsIsNotLookedUp() throws Exception {
        List<CompletableFuture<String>> hanging = hanging("acme", 10);
        assertThat(begun.tryAcquire(4, 10, TimeUnit.SECONDS)).isTrue();
        hanging.subList(4, 9).forEach(one -> one.cancel(false));

        released.countDown();

        assertThat(quick(hanging.get(9))).isEqualTo("found");
        assertThat(quick(lookups.begin("acme", () -> "after all"))).isEqualTo("after all");
        assertThat(lookedUp).hasValueLessThanOrEqualTo(5);
    }

    @Test
    void whatFailsMakesRoomForTheNext() throws Exception {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<String> failing = lookups.begin("acme", () -> {
                throw new IllegalStateException("no such host");
            });
            assertThat(failing.handle((found, failure) -> failure.getMessage()).get(10, TimeUnit.SECONDS))
                    .contains("no such host");
        }

        assertThat(quick(lookups.begin("acme", () -> "found"))).isEqualTo("found");
    }
}
