package dev.sluice.standalone;

import java.io.IOException;

/** Flink's REST API does not answer, or refuses; the message says why in one line. */
final class FlinkRestException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;
    private static final String DUPLICATE = "DuplicateJobSubmissionException";

    private final int status;
    private final String detail;

    /** Nobody answers. */
    FlinkRestException(String message, Throwable cause) {
        super(message, cause);
        status = 0;
        detail = "";
    }

    /**
     * It refuses.
     *
     * @param message the reason in one line
     * @param status HTTP status
     * @param detail all that it says
     */
    FlinkRestException(String message, int status, String detail) {
        super(message);
        this.status = status;
        this.detail = detail;
    }

    /** Returns whether what was asked for is not there. */
    boolean isNotFound() {
        return status == NOT_FOUND;
    }

    /** Returns whether the cluster has, or has had, a run of that id. */
    boolean isDuplicateRun() {
        return detail.contains(DUPLICATE);
    }
}
