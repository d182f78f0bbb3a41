package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Violation;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bodies of requests about canary runs, and what may stand in them. */
final class Bodies {
    /** How far a caller's clock may be ahead of ours. */
    static final Duration AHEAD = Duration.ofMinutes(1);

    private static final String JSON = "application/json";
    private static final String AT = "at";

    private Bodies() {}

    /**
     * Reads a body.
     *
     * @param ctx the request
     * @param limit most bytes that are accepted
     * @throws ApiException 415 if it is no JSON by its type, 400 if it is none, or a text cannot be kept
     */
    static JsonNode read(Context ctx, int limit) {
        if (!Requests.mediaType(ctx).equals(JSON)) {
            throw new ApiException(ErrorType.UNSUPPORTED_MEDIA_TYPE, "the content type must be " + JSON);
        }
        JsonNode body = Requests.json(Requests.body(ctx, limit));
        try {
            return new Place(body, "").encodable().node();
        } catch (Rejection e) {
            String pointer = e.outcome().pointer();
            throw ApiException.invalidDocument(
                    pointer == null ? "" : pointer, e.outcome().detail());
        }
    }

    /**
     * Reads when a run was changed: the member {@code at}, which may be absent, as all of the body's members.
     *
     * @throws ApiException 400 with a pointer to each thing that is wrong
     */
    static Optional<Instant> at(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        var errors = new ArrayList<FieldError>();
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals(AT)) {
                errors.add(new FieldError(new Place(body, "").at(name).pointer(), "there is no such field"));
            }
        });
        Optional<Instant> at = time(body.path(AT));
        if (at.isEmpty() && body.hasNonNull(AT)) {
            errors.add(new FieldError("/" + AT, "at must be a time (RFC 3339)"));
        }
        requireNone(errors);
        return at;
    }

    /** Returns the time that stands there, to the millisecond: so it is kept everywhere; nothing if none does. */
    static Optional<Instant> time(JsonNode text) {
        try {
            return Optional.ofNullable(text.textValue())
                    .map(OffsetDateTime::parse)
                    .map(OffsetDateTime::toInstant)
                    .map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static List<FieldError> errors(String prefix, List<Violation> violations) {
        return violations.stream()
                .map(violation -> new FieldError(prefix + violation.pointer(), violation.message()))
                .toList();
    }

    /** Ends the request if something is wrong. */
    static void requireNone(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
    }
}
