package dev.sluice.sources.pagerduty;

import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The incidents that events tell of. Each event carries the incident as it was then and may come late, so what it says
 * holds from {@code occurred_at} on.
 */
final class PagerDutyIncidents {
    private static final int OPEN_RANK = 1;
    private static final int RESOLVED_RANK = 2;
    /** A word on what an incident is stands until the next such word, whatever state it came into since. */
    private static final int AMENDED_RANK = 3;

    private static final String MERGE = "merge_resolve_reason";

    private final DeliveryReading reading;

    PagerDutyIncidents(DeliveryReading reading) {
        this.reading = reading;
    }

    /** It came into a state in which it is not over. */
    Outcome came(Place event, IncidentState state) {
        return observed(event, state, null);
    }

    /** It is over; one that was merged into another is that one, which goes on. */
    Outcome resolved(Place event) {
        Place reason = event.at("data").object().at("resolve_reason");
        boolean merged = MERGE.equals(reason.at("type").node().textValue());
        return merged
                ? observed(
                        event,
                        IncidentState.MERGED,
                        IncidentObserved.incidentId(
                                reading.source(), reason.at("incident").at("id").text()))
                : observed(event, IncidentState.RESOLVED, null);
    }

    /** It has another priority. */
    Outcome reprioritised(Place event) {
        return amended(event, null, severity(event.at("data").object()));
    }

    /** It is one of another service. */
    Outcome moved(Place event) {
        return amended(event, service(event.at("data").object()), null);
    }

    private Outcome observed(Place event, IncidentState state, @Nullable String mergedInto) {
        Place incident = event.at("data").object();
        boolean resolved = state == IncidentState.RESOLVED;
        return told(
                event,
                state,
                resolved ? RESOLVED_RANK : OPEN_RANK,
                service(incident),
                severity(incident),
                mergedInto,
                incident.at("title").beginning());
    }

    private Outcome amended(Place event, @Nullable String service, @Nullable String severity) {
        return told(event, IncidentState.AMENDED, AMENDED_RANK, service, severity, null, null);
    }

    private Outcome told(
            Place event,
            IncidentState state,
            int rank,
            @Nullable String service,
            @Nullable String severity,
            @Nullable String mergedInto,
            @Nullable String title) {
        Place incident = event.at("data").object();
        Instant occurredAt = reading.past(event.at("occurred_at"));
        String environment = reading.environment(null);
        return reading.in(
                environment,
                new IncidentObserved(
                        reading.header(occurredAt, "event", event.at("id").text()),
                        IncidentObserved.incidentId(
                                reading.source(), incident.at("id").text()),
                        service,
                        environment,
                        state,
                        0,
                        rank,
                        reading.optionalPast(incident.at("created_at")),
                        state == IncidentState.RESOLVED ? occurredAt : null,
                        severity,
                        null,
                        null,
                        null,
                        null,
                        mergedInto,
                        title));
    }

    /** By its id where the connection names that, for a service may be renamed; else by its name. */
    private @Nullable String service(Place incident) {
        Place service = incident.at("service");
        String id = service.at("id").optionalText();
        String known = id == null ? null : reading.mapping().services().get(id);
        if (known != null) {
            return known;
        }
        String name = service.at("summary").optionalText();
        return name == null ? reading.service(null) : reading.mapping().serviceOf(name);
    }

    private static @Nullable String severity(Place incident) {
        String priority = incident.at("priority").at("summary").optionalText();
        return priority == null ? incident.at("urgency").optionalText() : priority;
    }
}
