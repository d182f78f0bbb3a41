package dev.sluice.store;

/** A record cannot be made into rows; the message says which value is wrong. */
final class UnreadableRecordException extends RuntimeException {
    UnreadableRecordException(String message) {
        super(message);
    }

    UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
