package dev.sluice.gateapi.report.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a digest is tried again, with shorter pauses. */
class DigestRetryTest {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private int tries;

    private void run(Exception... failures) {
        Deque<Exception> next = new ArrayDeque<>(List.of(failures));
        Failsafe.with(DigestSender.retry(PAUSE, PAUSE.multipliedBy(4), LIMIT)).run(() -> {
            tries++;
            Exception failure = next.poll();
            if (failure != null) {
                throw failure;
            }
        });
    }

    private static UndeliveredException forNow() {
        return UndeliveredException.forNow("away", null);
    }

    @Test
    void untilItIsDelivered() {
        run(forNow(), forNow(), forNow(), forNow(), new IllegalStateException("a bug is no reason to forget it"));

        assertThat(tries).isEqualTo(6);
    }

    @Test
    void notSoonerThanTheReceiverSays() {
        long begin = System.nanoTime();

        run(new UndeliveredException.Until("busy", Duration.ofMillis(400)));

        assertThat(tries).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void notWhereTheReceiverWantsNoMore() {
        assertThatThrownBy(() -> run(UndeliveredException.forEver("gone")))
                .isInstanceOf(FailsafeException.class)
                .hasCauseInstanceOf(UndeliveredException.class);
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void notAfterTheTimeForIt() {
        RetryPolicy<Object> forALittleWhile = DigestSender.retry(PAUSE, PAUSE.multipliedBy(4), Duration.ofMillis(50));

        assertThatThrownBy(() -> Failsafe.with(forALittleWhile).run(() -> {
                    tries++;
                    throw forNow();
                }))
                .isInstanceOf(FailsafeException.class)
                .hasCauseInstanceOf(UndeliveredException.class);
        assertThat(tries).isPositive();
    }

    @Test
    void notWhereItIsInterrupted() {
        assertThatThrownBy(() -> run(new InterruptedException()))
                .isInstanceOf(FailsafeException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(tries).isEqualTo(1);
    }
}
