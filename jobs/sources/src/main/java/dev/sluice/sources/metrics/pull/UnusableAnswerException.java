package dev.sluice.sources.metrics.pull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why there is no answer, in words that may still hold what must not be told; {@link OutgoingRequests} tells it. */
final class UnusableAnswerException extends RuntimeException {
    private final @Nullable Duration retryAfter;

    UnusableAnswerException(String problem) {
        this(problem, null);
    }

    UnusableAnswerException(String problem, @Nullable Duration retryAfter) {
        super(problem, null, false, false);
        this.retryAfter = retryAfter;
    }

    String problem() {
        return String.valueOf(getMessage());
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
