package dev.sluice.wire;

import org.jspecify.annotations.Nullable;

/** The bytes of a record are not what they should be; says what and where. */
public final class MalformedRecordException extends RuntimeException {
    private final String pointer;

    /**
     * Creates the exception.
     *
     * @param message what is wrong
     * @param pointer JSON pointer (RFC 6901) to where; empty for the whole document
     * @param cause the parser's exception, if it was one
     */
    public MalformedRecordException(String message, String pointer, @Nullable Throwable cause) {
        super(message, cause);
        this.pointer = pointer;
    }

    /** Returns the JSON pointer to what is wrong; empty for the whole document. */
    public String pointer() {
        return pointer;
    }
}
