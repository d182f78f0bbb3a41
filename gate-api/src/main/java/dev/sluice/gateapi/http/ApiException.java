package dev.sluice.gateapi.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with a problem. It is the only exception that becomes a 4xx answer; its detail is shown to the caller,
 * so it never holds a body, a secret or another tenant's data.
 */
public final class ApiException extends RuntimeException {
    private static final int MAX_ERRORS = 50;

    private final ErrorType type;
    private final String detail;
    private final transient List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    /** Creates a problem of the request as a whole. */
    public ApiException(ErrorType type, String detail) {
        this(type, detail, List.of(), null, null);
    }

    /** Creates a problem that an exception led to; the cause is logged, not shown. */
    public ApiException(ErrorType type, String detail, @Nullable Throwable cause) {
        this(type, detail, List.of(), cause, null);
    }

    private ApiException(
            ErrorType type,
            String detail,
            List<FieldError> errors,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        super(detail, cause);
        this.type = type;
        this.detail = detail;
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    /** Returns the problem of a document with something wrong in it. */
    public static ApiException invalidDocument(List<FieldError> errors) {
        String detail = errors.size() == 1
                ? errors.get(0).detail()
                : "the document has " + errors.size() + " errors; the first: "
                        + errors.get(0).detail();
        return new ApiException(
                ErrorType.INVALID_DOCUMENT, detail, errors.subList(0, Math.min(errors.size(), MAX_ERRORS)), null, null);
    }

    /** Returns the problem of a document with one thing wrong in it. */
    public static ApiException invalidDocument(String pointer, String detail) {
        return invalidDocument(List.of(new FieldError(pointer, detail)));
    }

    /**
     * Returns the problem that somebody asks too often.
     *
     * @param retryAfter until when they may not
     */
    public static ApiException tooManyRequests(String detail, Duration retryAfter) {
        return new ApiException(ErrorType.TOO_MANY_REQUESTS, detail, List.of(), null, retryAfter);
    }

    /** Returns after how many seconds it may be other; nothing where that is not known. */
    public Optional<Long> retryAfterSeconds() {
        return retryAfter == null
                ? type.status() == ErrorType.UNAVAILABLE.status() ? Optional.of(1L) : Optional.empty()
                : Optional.of(retryAfter.plusMillis(999).toSeconds());
    }

    /** Returns the kind of problem. */
    public ErrorType type() {
        return type;
    }

    String detail() {
        return detail;
    }

    /** Returns what is wrong, and where in the document, in one line: for callers that read no problem documents. */
    public String line() {
        String pointer = errors.isEmpty() ? "" : errors.get(0).pointer();
        return pointer.isEmpty() ? detail : pointer + ": " + detail;
    }

    /** Returns all that is wrong in the document; empty where it is none of a document. */
    public List<FieldError> errors() {
        return errors;
    }

    /**
     * Something wrong in a document.
     *
     * @param pointer JSON pointer (RFC 6901) to it; empty for the whole document
     * @param detail one sentence
     */
    public record FieldError(String pointer, String detail) {}
}
