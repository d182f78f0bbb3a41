package dev.sluice.sources.cdevents;

import static dev.sluice.sources.cdevents.Reading.or;

import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import org.jspecify.annotations.Nullable;

/**
 * The standard events of an incident: {@code incident.detected}, {@code incident.reported}, {@code incident.resolved}. What
 * CDEvents has no field for stands in {@code customData.sluice}; an incident that names another one there into which it
 * was merged is that one.
 */
final class IncidentEvents {
    /** Of two states at the same time the incident's end is the later one. */
    private static final int DETECTED_RANK = 1;

    private static final int RESOLVED_RANK = 2;

    private IncidentEvents() {}

    static Outcome of(Reading reading, CdEvent event, IncidentState state) {
        Place content = event.content();
        Place more = event.sluice();
        String environment = content.at("environment").at("id").text();
        String mergedInto = more.at("mergedInto").optionalText();
        return reading.in(
                environment,
                new IncidentObserved(
                        reading.header(event),
                        IncidentObserved.incidentId(event.source(), event.subjectId()),
                        or(more.at("service"), service(content.at("service"))),
                        environment,
                        mergedInto == null ? state : IncidentState.MERGED,
                        Reading.revision(more.at("revision")),
                        state == IncidentState.RESOLVED ? RESOLVED_RANK : DETECTED_RANK,
                        reading.past(more.at("startedAt")),
                        reading.past(more.at("resolvedAt")),
                        more.at("severity").optionalText(),
                        more.at("changeCaused").optionalFlag(),
                        more.at("deployments").optionalTexts(),
                        more.at("repository").optionalText(),
                        more.at("rootCause").optionalText(),
                        mergedInto,
                        or(more.at("title"), title(content.at("description"), state))));
    }

    private static @Nullable String service(Place service) {
        return service.node().isObject() ? service.at("id").text() : service.optionalText();
    }

    /** The description of an incident's end tells of the end. */
    private static @Nullable String title(Place description, IncidentState state) {
        return state == IncidentState.RESOLVED ? null : description.beginning();
    }
}
