package dev.sluice.embedded;

import org.jspecify.annotations.Nullable;

/** The ClickHouse engine's library is not there and could not be installed. The message says what to do. */
public final class ClickHouseLibraryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ClickHouseLibraryException(String message) {
        this(message, null);
    }

    ClickHouseLibraryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
