package dev.sluice.gateapi.egress;

import java.time.Duration;
import java.util.Optional;

/**
 * What was answered.
 *
 * @param status HTTP status, 200 to 599
 * @param retryAfter when to try again, from the answer on, if the header says it; not negative
 * @param body at most as many bytes as the request takes, as they came; never shown to a tenant
 */
public record OutboundAnswer(int status, Optional<Duration> retryAfter, byte[] body) {
    private static final int OK = 200;
    private static final int AFTER_OK = 300;

    /** Returns whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= OK && status < AFTER_OK;
    }

    /** Not what was said, which may be secret. */
    @Override
    public String toString() {
        return "OutboundAnswer[status=" + status + ", retryAfter=" + retryAfter + ", bytes=" + body.length + "]";
    }
}
