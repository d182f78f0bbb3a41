package dev.sluice.sources.metrics.pull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why there is no answer, in words that may still hold what must not be told; {@link OutgoingRequests} tells it. */
final class UnusableAnswerException extends RuntimeException {
    private final boolean ofSource;
    private final @Nullable Duration retryAfter;

    private UnusableAnswerException(String problem, boolean ofSource, @Nullable Duration retryAfter) {
        super(problem, null, false, false);
        this.ofSource = ofSource;
        this.retryAfter = retryAfter;
    }

    /** The query has no answer; another one may have. */
    static UnusableAnswerException ofQuery(String problem) {
        return new UnusableAnswerException(problem, false, null);
    }

    /** The source has no answer to anything now. */
    static UnusableAnswerException ofSource(String problem, @Nullable Duration retryAfter) {
        return new UnusableAnswerException(problem, true, retryAfter);
    }

    String problem() {
        return String.valueOf(getMessage());
    }

    boolean isOfSource() {
        return ofSource;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
