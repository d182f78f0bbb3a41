package dev.sluice.gateapi.deliver;

import dev.sluice.rollback.DeliveryReport.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of one attempt.
 *
 * @param outcome what came of it
 * @param words in words, without secrets
 * @param retryAfter when to try again at the earliest, where the endpoint says it
 */
public record Answer(Outcome outcome, String words, Optional<Duration> retryAfter) {
    /** What came of an attempt after which nobody has asked to wait. */
    public static Answer of(Outcome outcome, String words) {
        return new Answer(outcome, words, Optional.empty());
    }
}
