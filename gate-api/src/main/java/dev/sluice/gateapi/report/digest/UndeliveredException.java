package dev.sluice.gateapi.report.digest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A digest could not be delivered; the message says why, and no secret. */
final class UndeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isFinal;
    private final @Nullable Duration retryAfter;

    private UndeliveredException(
            String message, @Nullable Throwable cause, boolean isFinal, @Nullable Duration retryAfter) {
        super(message, cause);
        this.isFinal = isFinal;
        this.retryAfter = retryAfter;
    }

    /** It may be delivered later. */
    static UndeliveredException forNow(String message, @Nullable Throwable cause) {
        return new UndeliveredException(message, cause, false, null);
    }

    /** The receiver has said when to try again. */
    static UndeliveredException until(String message, Duration retryAfter) {
        return new UndeliveredException(message, null, false, retryAfter);
    }

    /** The receiver wants no more. */
    static UndeliveredException forEver(String message) {
        return new UndeliveredException(message, null, true, null);
    }

    /** Returns whether it is of no use to try again. */
    boolean isFinal() {
        return isFinal;
    }

    /** Returns how long the receiver wants not to be asked; null if it has not said. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
