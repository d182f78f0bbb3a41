package dev.sluice.gateapi.http;

/** The kinds of problem that the API answers with, after RFC 9457. */
public enum ErrorType {
    /** The request makes no sense. */
    BAD_REQUEST("bad-request", 400, "Bad request"),
    /** The document in the request is wrong; pointers say where. */
    INVALID_DOCUMENT("invalid-document", 400, "Invalid document"),
    /** Nobody known asks. */
    UNAUTHENTICATED("unauthenticated", 401, "Not authenticated"),
    /** Who asks may not do this. */
    FORBIDDEN("forbidden", 403, "Not permitted"),
    /** There is no such thing, or it is another tenant's. */
    NOT_FOUND("not-found", 404, "Not found"),
    /** The path exists and does not take this method. */
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "Method not allowed"),
    /** The body comes too slowly. */
    REQUEST_TIMEOUT("request-timeout", 408, "Request timeout"),
    /** What is there already forbids it. */
    CONFLICT("conflict", 409, "Conflict"),
    /** The body is larger than the limit. */
    TOO_LARGE("too-large", 413, "Too large"),
    /** The body is in a form that is not read here. */
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Unsupported media type"),
    /** Whoever asks does so too often. */
    TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
    /** A defect of Sluice. */
    INTERNAL("internal", 500, "Internal error"),
    /** Too much is under way; the request has had no effect. */
    BUSY("busy", 503, "Busy"),
    /** Something that the answer depends on is away. */
    UNAVAILABLE("unavailable", 503, "Not available");

    private final String name;
    private final int status;
    private final String title;

    ErrorType(String name, int status, String title) {
        this.name = name;
        this.status = status;
        this.title = title;
    }

    /** Returns the problem type's URI. */
    public String uri() {
        return "urn:sluice:problem:" + name;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the title, the same for each problem of the type. */
    public String title() {
        return title;
    }
}
