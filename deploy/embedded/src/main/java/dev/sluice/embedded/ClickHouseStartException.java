package dev.sluice.embedded;

import org.jspecify.annotations.Nullable;

/** The ClickHouse engine did not start. The message holds the reason and the end of what the child JVM printed. */
public final class ClickHouseStartException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ClickHouseStartException(String message) {
        this(message, null);
    }

    ClickHouseStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
