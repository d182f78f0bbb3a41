package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.sources.Place;
import dev.sluice.wire.Violation;
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

    private static final String AT = "at";

    private Bodies() {}

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
