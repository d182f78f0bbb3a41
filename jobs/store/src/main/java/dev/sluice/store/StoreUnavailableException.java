package dev.sluice.store;

/** ClickHouse is away, too slow, or cannot do now what it was asked; the same call may succeed later. */
public final class StoreUnavailableException extends RuntimeException {
    StoreUnavailableException(String message) {
        super(message);
    }

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
