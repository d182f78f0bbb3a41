package dev.sluice.sources.json;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads the items of documents, by what their connection declares. */
final class JsonItems {
    private static final long LONGEST_INTERVAL = Duration.ofDays(366).toSeconds();

    private final DeliveryReading reading;
    private final JsonMapping mapping;

    JsonItems(DeliveryReading reading, JsonMapping mapping) {
        this.reading = reading;
        this.mapping = mapping;
    }

    Outcome read(Place item) {
        return switch (mapping.kind()) {
            case DEPLOYMENT -> stated(item, this::deployment);
            case INCIDENT -> stated(item, this::incident);
            case CHANGE -> change(item);
            case DRIFT -> stated(item, this::drift);
        };
    }

    /** A value that the table does not name is a state that nobody has told Sluice of. */
    private Outcome stated(Place item, BiFunction<Place, String, Outcome> reader) {
        String value = text(item, "state");
        String state = mapping.states().get(value);
        return state == null
                ? new Outcome.Ignored(
                        Reason.UNKNOWN_STATE,
                        "the mapping of the connection " + reading.delivery().connection() + " names no state for "
                                + value)
                : reader.apply(item, state);
    }

    private Outcome deployment(Place item, String name) {
        DeploymentState state = DeploymentState.valueOf(name.toUpperCase(Locale.ROOT));
        String id = text(item, "id");
        String service = service(item);
        String environment = environment(item);
        Instant at = time(item, "time");
        return reading.in(
                environment,
                new DeploymentObserved(
                        reading.header(at, "deployment", id, service, environment, name, at.toString()),
                        DeploymentObserved.deploymentId(reading.source(), id),
                        service,
                        environment,
                        state,
                        0,
                        rank(state),
                        optionalTime(item, "queued_at"),
                        optionalTime(item, "started_at"),
                        optional(item, "version"),
                        optional(item, "repository"),
                        optional(item, "sha"),
                        optional(item, "digest"),
                        optional(item, "group_id"),
                        optional(item, "remediates"),
                        null,
                        null,
                        null));
    }

    private static int rank(DeploymentState state) {
        return switch (state) {
            case QUEUED -> 0;
            case STARTED -> 1;
            case SUCCESS, FAILURE, CANCELLED, SKIPPED -> 2;
            case INACTIVE, DELETED, AMENDED -> 3;
        };
    }

    private Outcome incident(Place item, String name) {
        IncidentState state = IncidentState.valueOf(name.toUpperCase(Locale.ROOT));
        String id = text(item, "id");
        String environment = reading.environment(optional(item, "environment"));
        Instant at = time(item, "time");
        return reading.in(
                environment,
                new IncidentObserved(
                        reading.header(at, "incident", id, name, at.toString()),
                        IncidentObserved.incidentId(reading.source(), id),
                        reading.service(optional(item, "service")),
                        environment,
                        state,
                        0,
                        state == IncidentState.RESOLVED ? 2 : 1,
                        optionalTime(item, "started_at"),
                        optionalTime(item, "resolved_at"),
                        optional(item, "severity"),
                        null,
                        null,
                        optional(item, "repository"),
                        optional(item, "root_cause"),
                        optional(item, "merged_into"),
                        mapping.at("title", item).beginning()));
    }

    private Outcome change(Place item) {
        String repository = text(item, "repository");
        String sha = text(item, "sha");
        Instant authoredAt = time(item, "authored_at");
        Place parentsPlace = mapping.at("parents", item);
        List<String> parents = parentsPlace.optionalTexts();
        if (parents != null && parents.contains(sha)) {
            throw parentsPlace.wrong("names the commit itself");
        }
        return new Outcome.Events(new CommitRecorded(
                reading.header(authoredAt, "change", repository, sha),
                repository,
                sha,
                parents == null ? List.of() : parents,
                parents == null ? Parentage.UNKNOWN : Parentage.EXPLICIT,
                authoredAt,
                optionalTime(item, "committed_at"),
                List.of(),
                null));
    }

    private Outcome drift(Place item, String name) {
        String id = text(item, "id");
        String service = service(item);
        String environment = environment(item);
        Instant at = time(item, "time");
        return reading.in(
                environment,
                new DriftChecked(
                        reading.header(at, "drift", id, service, environment, name, at.toString()),
                        DriftChecked.checkId(reading.source(), id),
                        service,
                        environment,
                        text(item, "resource"),
                        name.equals(JsonKind.DRIFTED),
                        optional(item, "fingerprint"),
                        interval(mapping.at("interval_seconds", item)),
                        0,
                        false));
    }

    private static @Nullable Duration interval(Place place) {
        if (place.isAbsent()) {
            return null;
        }
        long seconds = JsonTimes.number(place);
        if (seconds < 1 || seconds > LONGEST_INTERVAL) {
            throw place.wrong("must be 1 to " + LONGEST_INTERVAL + " seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    // ---- values

    private String service(Place item) {
        return required("service", reading.service(optional(item, "service")), item);
    }

    private String environment(Place item) {
        return required("environment", reading.environment(optional(item, "environment")), item);
    }

    private String text(Place item, String field) {
        return required(field, optional(item, field), item);
    }

    private String required(String field, @Nullable String value, Place item) {
        if (value == null) {
            throw new Rejection(
                    Reason.MISSING_FIELD,
                    field + " is required",
                    mapping.at(field, item).pointer());
        }
        return value;
    }

    /** Numbers and truth values are names too: of runs, of states. */
    private @Nullable String optional(Place item, String field) {
        Place place = mapping.at(field, item);
        return place.node().isIntegralNumber() || place.node().isBoolean()
                ? place.node().asText()
                : place.optionalText();
    }

    private Instant time(Place item, String field) {
        Place place = mapping.at(field, item);
        return reading.delivery().past(mapping.times().at(place), place);
    }

    private @Nullable Instant optionalTime(Place item, String field) {
        return mapping.at(field, item).isAbsent() ? null : time(item, field);
    }
}
