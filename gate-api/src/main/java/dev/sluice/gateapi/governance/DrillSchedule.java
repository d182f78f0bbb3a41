package dev.sluice.gateapi.governance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.Members;
import dev.sluice.wire.Durations;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When a rollback is to be rehearsed, again and again. A drill is due from when an occurrence begins until {@code within} has passed or
 * the next begins: at most one is due at a time.
 *
 * @param service of which service
 * @param environment where
 * @param rrule how it recurs
 * @param start when the first is due, by the clock on the wall
 * @param zone where the wall is
 * @param within how long one that is due may take to be recorded, as it was written
 * @param endpoint who is told; null for nobody
 * @param until from when none is due any more; null for never
 * @param since the moment from which it holds: what began before is none of it
 */
record DrillSchedule(
        String service,
        String environment,
        String rrule,
        String start,
        String zone,
        String within,
        @Nullable String endpoint,
        @Nullable Instant until,
        Instant since) {
    private static final String USUAL_WITHIN = "1d";
    private static final Duration LEAST_WITHIN = Duration.ofSeconds(1);
    private static final Duration MOST_WITHIN = Duration.ofDays(7);

    /**
     * One time that a drill is due.
     *
     * @param due since when
     * @param ends from when on it is too late
     */
    record Occurrence(Instant due, Instant ends) {}

    /**
     * Reads a schedule from a request; what is wrong with it is told by the body.
     *
     * @param body the request
     * @param takesMessages whether there is an endpoint of a name that can be told
     * @param now the moment from which it holds
     */
    static Optional<DrillSchedule> read(Members body, Predicate<String> takesMessages, Instant now) {
        Optional<String> service = body.required("service", StatementBodies.MOST);
        Optional<String> environment = body.required("environment", StatementBodies.MOST);
        RecurrenceFields recurring = RecurrenceFields.read(body);
        Optional<String> within = body.optional(
                "within",
                text -> Durations.parse(text)
                        .filter(length -> length.compareTo(LEAST_WITHIN) >= 0 && length.compareTo(MOST_WITHIN) <= 0)
                        .map(length -> text),
                "a duration from 1s to 7d");
        Optional<String> endpoint = body.optional("endpoint", StatementBodies.MOST);
        body.rejectUnknown();
        if (endpoint.isPresent() && !takesMessages.test(endpoint.get())) {
            body.wrong("endpoint", "there is no endpoint of this name that takes webhooks");
        }
        List.of("rrule", "start", "zone").forEach(field -> {
            if (!body.has(field)) {
                body.wrong(field, field + " is missing");
            }
        });
        if (service.isEmpty()
                || environment.isEmpty()
                || recurring.rrule().isEmpty()
                || recurring.start().isEmpty()
                || recurring.zone().isEmpty()) {
            return Optional.empty();
        }
        var schedule = new DrillSchedule(
                service.get(),
                environment.get(),
                recurring.rrule().get(),
                recurring.start().get().toString(),
                recurring.zone().get().getId(),
                within.orElse(USUAL_WITHIN),
                endpoint.orElse(null),
                recurring.until().orElse(null),
                now);
        schedule.recurrence().problem().ifPresent(problem -> body.wrong("rrule", problem));
        return Optional.of(schedule);
    }

    static DrillSchedule of(JsonNode document) {
        return Json.read(Json.bytes(document), DrillSchedule.class);
    }

    JsonNode json() {
        return Json.mapper().valueToTree(this);
    }

    /** Returns this as it takes the place of another: where the drills are the same it holds since the other did. */
    DrillSchedule instead(DrillSchedule present) {
        boolean isSame = service.equals(present.service)
                && environment.equals(present.environment)
                && rrule.equals(present.rrule)
                && start.equals(present.start)
                && zone.equals(present.zone);
        return isSame
                ? new DrillSchedule(service, environment, rrule, start, zone, within, endpoint, until, present.since)
                : this;
    }

    /** Returns how long a drill that is due may take to be recorded. */
    Duration length() {
        return Durations.parse(within).orElseThrow(() -> new IllegalStateException("no duration: " + within));
    }

    /** Returns when the first drill after a moment is due; nothing if none is. */
    Optional<Instant> next(Instant now) {
        return recurrence().next(now.isBefore(since) ? beforeThis() : now);
    }

    /** Returns the times that have begun after a moment and not after another, the earliest first. */
    List<Occurrence> begun(Instant after, Instant through) {
        List<Instant> beginnings =
                recurrence().beginnings(after.isBefore(beforeThis()) ? beforeThis() : after, through);
        var begun = new ArrayList<Occurrence>(beginnings.size());
        for (int i = 0; i < beginnings.size(); i++) {
            Instant due = beginnings.get(i);
            Optional<Instant> next = i + 1 < beginnings.size()
                    ? Optional.of(beginnings.get(i + 1))
                    : recurrence().next(due);
            Instant over = due.plus(length());
            begun.add(new Occurrence(due, next.filter(over::isAfter).orElse(over)));
        }
        return begun;
    }

    private Instant beforeThis() {
        return since.minusNanos(1);
    }

    private Recurrence recurrence() {
        LocalDateTime first = LocalDateTime.parse(start);
        return new Recurrence(rrule, first, first.plus(length()), ZoneId.of(zone), until);
    }
}
