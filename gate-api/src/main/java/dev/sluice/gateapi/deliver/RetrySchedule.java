package dev.sluice.gateapi.deliver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** When what was not delivered is sent again: soon, since an order that comes late does harm, and somebody waits for a decision. */
public final class RetrySchedule {
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));
    private static final Duration AFTER = Duration.ofMinutes(1);

    private RetrySchedule() {}

    /**
     * Returns how long to wait.
     *
     * @param attempts how often it was sent, at least once
     * @param asked how long the endpoint has asked to wait, which holds where it is longer
     */
    public static Duration pause(int attempts, Optional<Duration> asked) {
        Duration own = attempts <= PAUSES.size() ? PAUSES.get(attempts - 1) : AFTER;
        return asked.filter(longer -> longer.compareTo(own) > 0).orElse(own);
    }
}
