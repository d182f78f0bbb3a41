package dev.sluice.gateapi.governance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.Members;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nothing is to be deployed: once, or again and again.
 *
 * @param reason why, in words
 * @param services of which services; empty for all
 * @param environments in which environments; empty for all
 * @param excepted the services that it does not concern
 * @param from when it begins; null where it recurs
 * @param to when it ends; null where it recurs
 * @param rrule how it recurs; null where it does not
 * @param start when the first one begins, by the clock on the wall; null where it does not recur
 * @param end when the first one ends; null where it does not recur
 * @param zone where the wall is; null where it does not recur
 * @param until from when none begins any more; null for never
 */
record FreezeDocument(
        String reason,
        Set<String> services,
        Set<String> environments,
        Set<String> excepted,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String rrule,
        @Nullable String start,
        @Nullable String end,
        @Nullable String zone,
        @Nullable Instant until) {
    /** What stands for a freeze that cannot be read. */
    static final FreezeDocument UNREADABLE = new FreezeDocument(
            "this release cannot read the freeze",
            Set.of(),
            Set.of(),
            Set.of(),
            Instant.EPOCH,
            Instant.parse("9999-01-01T00:00:00Z"),
            null,
            null,
            null,
            null,
            null);

    private static final int MOST = 300;
    private static final int MOST_OF_REASON = 1_000;

    FreezeDocument {
        services = Set.copyOf(services);
        environments = Set.copyOf(environments);
        excepted = Set.copyOf(excepted);
    }

    /** Reads a freeze from a request; what is wrong with it is told by the body. */
    static Optional<FreezeDocument> read(Members body) {
        Optional<String> reason = body.required("reason", MOST_OF_REASON);
        Set<String> services = body.texts("services", MOST);
        Set<String> environments = body.texts("environments", MOST);
        Set<String> excepted = body.texts("excepted", MOST);
        boolean recurs = body.has("rrule");
        Optional<Instant> from = body.time("from");
        Optional<Instant> to = body.time("to");
        RecurrenceFields recurring = RecurrenceFields.read(body);
        Optional<String> rrule = recurring.rrule();
        Optional<LocalDateTime> start = recurring.start();
        Optional<LocalDateTime> end = RecurrenceFields.wallTime(body, "end");
        Optional<ZoneId> zone = recurring.zone();
        Optional<Instant> until = recurring.until();
        body.rejectUnknown();
        if (recurs
                ? body.has("from") || body.has("to")
                : body.has("start") || body.has("end") || body.has("zone") || body.has("until")) {
            body.wrong(recurs ? "from" : "rrule", "a freeze has either from and to, or rrule with start, end and zone");
            return Optional.empty();
        }
        if (!recurs) {
            if (from.isEmpty() || to.isEmpty() || !from.get().isBefore(to.get())) {
                body.wrong("to", "from and to must be there, and to be after from");
                return Optional.empty();
            }
        } else if (start.isEmpty() || end.isEmpty() || zone.isEmpty()) {
            body.wrong("rrule", "with rrule there must be start, end and zone");
            return Optional.empty();
        } else if (rrule.isPresent()) {
            new Recurrence(rrule.get(), start.get(), end.get(), zone.get(), until.orElse(null))
                    .problem()
                    .ifPresent(problem -> body.wrong("rrule", problem));
        }
        return reason.map(why -> new FreezeDocument(
                why,
                services,
                environments,
                excepted,
                from.orElse(null),
                to.orElse(null),
                rrule.orElse(null),
                start.map(LocalDateTime::toString).orElse(null),
                end.map(LocalDateTime::toString).orElse(null),
                zone.map(ZoneId::getId).orElse(null),
                until.orElse(null)));
    }

    static FreezeDocument of(JsonNode document) {
        return Json.read(Json.bytes(document), FreezeDocument.class);
    }

    JsonNode json() {
        return Json.mapper()
                .valueToTree(new FreezeDocument(
                        reason,
                        new TreeSet<>(services),
                        new TreeSet<>(environments),
                        new TreeSet<>(excepted),
                        from,
                        to,
                        rrule,
                        start,
                        end,
                        zone,
                        until));
    }

    boolean concerns(String service, String environment) {
        return (services.isEmpty() || services.contains(service))
                && (environments.isEmpty() || environments.contains(environment))
                && !excepted.contains(service);
    }

    /** Returns when it ends, where it is in force at a moment. */
    Optional<Instant> endOfCurrent(Instant now) {
        if (from != null && to != null) {
            return !now.isBefore(from) && now.isBefore(to) ? Optional.of(to) : Optional.empty();
        }
        return recurrence().endOfCurrent(now);
    }

    /** Returns the next times at which it comes into force, the first one first. */
    List<Recurrence.Occurrence> next(Instant now, int most) {
        if (from != null && to != null) {
            return now.isBefore(from) ? List.of(new Recurrence.Occurrence(from, to)) : List.of();
        }
        return recurrence().next(now, most);
    }

    private Recurrence recurrence() {
        if (rrule == null || start == null || end == null || zone == null) {
            throw new IllegalStateException("a freeze without a time: " + reason);
        }
        return new Recurrence(rrule, LocalDateTime.parse(start), LocalDateTime.parse(end), ZoneId.of(zone), until);
    }
}
