package dev.sluice.gateapi.report.digest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A digest could not be delivered; the message says why, and no secret. */
class UndeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isFinal;

    private UndeliveredException(String message, @Nullable Throwable cause, boolean isFinal) {
        super(message, cause);
        this.isFinal = isFinal;
    }

    /** It may be delivered later. */
    static UndeliveredException forNow(String message, @Nullable Throwable cause) {
        return new UndeliveredException(message, cause, false);
    }

    /** The receiver wants no more. */
    static UndeliveredException forEver(String message) {
        return new UndeliveredException(message, null, true);
    }

    /** Returns whether it is of no use to try again. */
    boolean isFinal() {
        return isFinal;
    }

    /** It is not to be delivered yet: nothing is wrong. */
    static final class Early extends UndeliveredException {
        private static final long serialVersionUID = 1L;

        Early(String message) {
            super(message, null, false);
        }
    }

    /** The receiver has said when to try again. */
    static final class Until extends UndeliveredException {
        private static final long serialVersionUID = 1L;

        private final Duration pause;

        Until(String message, Duration pause) {
            super(message, null, false);
            this.pause = pause;
        }

        Duration pause() {
            return pause;
        }
    }
}
