package dev.sluice.sources.metrics;

import org.jspecify.annotations.Nullable;

/** The body of a push is not what its protocol says, or larger than is taken; says what is wrong, and where. */
public final class MalformedPushException extends RuntimeException {
    private final String pointer;

    /**
     * Creates the exception.
     *
     * @param message what is wrong
     * @param pointer JSON pointer (RFC 6901) to where, by the names of the protocol's messages; empty for the whole body
     * @param cause the parser's exception, if it was one
     */
    public MalformedPushException(String message, String pointer, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.pointer = pointer;
    }

    /**
     * Creates the exception.
     *
     * @param message what is wrong
     * @param pointer JSON pointer to where
     */
    public MalformedPushException(String message, String pointer) {
        this(message, pointer, null);
    }

    /** Returns the JSON pointer to what is wrong; empty for the whole body. */
    public String pointer() {
        return pointer;
    }
}
