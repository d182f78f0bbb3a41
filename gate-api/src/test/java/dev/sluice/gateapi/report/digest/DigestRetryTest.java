package dev.sluice.gateapi.report.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
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

    private void run(Duration limit, Exception... failures) {
        Deque<Exception> next = new ArrayDeque<>(List.of(failures));
        Failsafe.with(DigestSender.retry(PAUSE, PAUSE.multipliedBy(4), limit)).run(() -> {
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
        run(
                LIMIT,
                forNow(),
                forNow(),
                forNow(),
                forNow(),
                new IllegalStateException("a bug is no reason to forget it"));

        assertThat(tries).isEqualTo(6);
    }

    @Test
    void notSoonerThanTheReceiverSays() {
        long begin = System.nanoTime();

        run(LIMIT, new UndeliveredException.Until("busy", Duration.ofMillis(400)));

        assertThat(tries).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void notWhereTheReceiverWantsNoMore() {
        assertThatThrownBy(() -> run(LIMIT, UndeliveredException.forEver("gone")))
                .isInstanceOf(FailsafeException.class)
                .hasCauseInstanceOf(UndeliveredException.class);
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void notAfterTheTimeForIt() {
        assertThatThrownBy(() -> run(Duration.ofMillis(2), new UndeliveredException.Until("busy", LIMIT), forNow()))
                .isInstanceOf(FailsafeException.class)
                .hasCauseInstanceOf(UndeliveredException.class);
        assertThat(tries).isLessThanOrEqualTo(2);
    }

    @Test
    void notWhereItIsInterrupted() {
        assertThatThrownBy(() -> run(LIMIT, new InterruptedException()))
                .isInstanceOf(FailsafeException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(tries).isEqualTo(1);
    }
}
