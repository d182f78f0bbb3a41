package dev.sluice.sources.metrics.pull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source of metrics has not answered, or with what is no answer. The message says which source and what was wrong, in one line
 * without secrets; it may quote the source, so that it is for those who run Sluice, not for everybody.
 */
public final class SourceUnavailableException extends RuntimeException {
    private final String problem;
    private final boolean ofSource;
    private final @Nullable Duration retryAfter;

    /**
     * Creates the exception. There is no cause: messages of the layers below may quote what was sent.
     *
     * @param source scheme, host and port of the source
     * @param problem what it does or says
     * @param ofSource whether it would answer no other query either
     * @param retryAfter how long the source wants to be left alone, null if it does not say
     */
    SourceUnavailableException(String source, String problem, boolean ofSource, @Nullable Duration retryAfter) {
        super(source + " " + problem, null, false, false);
        this.problem = problem;
        this.ofSource = ofSource;
        this.retryAfter = retryAfter;
    }

    /** Returns what the source does or says, without where it is. */
    public String problem() {
        return problem;
    }

    /** Returns whether the source would answer no other query either; else it is this query that has no answer. */
    public boolean isOfSource() {
        return ofSource;
    }

    /** Returns how long the source wants to be left alone, if it says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
