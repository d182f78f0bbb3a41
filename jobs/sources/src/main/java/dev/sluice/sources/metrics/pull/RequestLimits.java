package dev.sluice.sources.metrics.pull;

import java.time.Duration;

/**
 * How long a request may take, and how much is taken of its answer.
 *
 * @param connect longest time until there is a connection
 * @param whole longest time until the last byte of the answer is there, the connection included
 * @param maxBytes most bytes of the body of an answer; it takes some tens of times as much memory while it is read
 */
public record RequestLimits(Duration connect, Duration whole, int maxBytes) {
    /** The longest time until there is a connection, where nothing else is said. */
    public static final Duration DEFAULT_CONNECT = Duration.ofSeconds(2);
    /** The longest time for the whole request, where nothing else is said. */
    public static final Duration DEFAULT_WHOLE = Duration.ofSeconds(5);

    public RequestLimits {
        requirePositive("connect", connect);
        requirePositive("whole", whole);
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be at least 1, is " + maxBytes);
        }
    }

    /**
     * Creates limits with the default times.
     *
     * @param maxBytes most bytes of the body of an answer
     */
    public RequestLimits(int maxBytes) {
        this(DEFAULT_CONNECT, DEFAULT_WHOLE, maxBytes);
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, is " + duration);
        }
    }
}
