package dev.sluice.embedded;

import org.jspecify.annotations.Nullable;

/** A {@code clickhouse} binary is wanted and cannot be used. The message says why and what to do. */
public final class ClickHouseBinaryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ClickHouseBinaryException(String message) {
        this(message, null);
    }

    ClickHouseBinaryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
