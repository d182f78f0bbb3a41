package dev.sluice.gateapi.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.access.oidc.MovableClock;
import dev.sluice.gateapi.http.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleUseInReplicaTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @Test
    void aSecondUseIsNone_whateverElseWasUsed() {
        var uses = new SingleUseInReplica(CLOCK);

        assertThat(uses.firstUse("acme", "token", "1", NOW.plusSeconds(1)).join())
                .isTrue();
        assertThat(uses.firstUse("acme", "token", "1", NOW.plusSeconds(9)).join())
                .isFalse();
        assertThat(uses.firstUse("acme", "token", "2", NOW.plusSeconds(1)).join())
                .isTrue();
        assertThat(uses.firstUse("other", "token", "1", NOW.plusSeconds(1)).join())
                .isTrue();
        assertThat(uses.firstUse("acme", "other", "1", NOW.plusSeconds(1)).join())
                .isTrue();
    }

    @Test
    void ofManyAtOnceOneIsFirst() throws Exception {
        var uses = new SingleUseInReplica(CLOCK);
        var first = new AtomicInteger();
        var go = new CountDownLatch(1);
        var threads = Executors.newFixedThreadPool(16);
        var done = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            threads.execute(() -> {
                try {
                    go.await();
                    if (uses.firstUse("acme", "token", "same", NOW.plusSeconds(60))
                            .join()) {
                        first.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
        }
        go.countDown();
        done.await();
        threads.shutdown();

        assertThat(first).hasValue(1);
    }

    @Test
    void whereNoMoreCanBeRememberedNothingIsUsed() {
        var uses = new SingleUseInReplica(CLOCK, 2);
        assertThat(uses.firstUse("a", "k", "1", NOW.plusSeconds(60)).join()).isTrue();
        assertThat(uses.firstUse("a", "k", "2", NOW.plusSeconds(60)).join()).isTrue();

        assertThatThrownBy(
                        () -> uses.firstUse("a", "k", "3", NOW.plusSeconds(60)).join())
                .hasCauseInstanceOf(ApiException.class);
    }

    @Test
    void whatIsPastMakesRoom() {
        var clock = new MovableClock(NOW);
        var uses = new SingleUseInReplica(clock, 1);
        assertThat(uses.firstUse("a", "k", "1", NOW.plusSeconds(1)).join()).isTrue();

        clock.pass(Duration.ofSeconds(2));

        assertThat(uses.firstUse("a", "k", "2", NOW.plusSeconds(60)).join()).isTrue();
    }
}
