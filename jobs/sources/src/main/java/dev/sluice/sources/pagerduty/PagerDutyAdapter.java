package dev.sluice.sources.pagerduty;

import static java.util.Map.entry;

import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.MappedAdapter;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.util.Map;
import java.util.function.Function;

/** Understands webhooks of PagerDuty, version 3: the states of incidents, and later words on what they are. */
public final class PagerDutyAdapter extends MappedAdapter {
    private static final String ATTENTION = "who looks after an incident is no part of a metric";
    private static final String WORDS = "what people write about an incident is no part of a metric";
    private static final String SERVICES = "services are known by the incidents that name them";

    /** Events that tell of incidents or services, but that no metric uses, and why. */
    private static final Map<String, String> UNUSED = Map.ofEntries(
            entry("incident.unacknowledged", ATTENTION),
            entry("incident.escalated", ATTENTION),
            entry("incident.reassigned", ATTENTION),
            entry("incident.delegated", ATTENTION),
            entry("incident.responder.added", ATTENTION),
            entry("incident.responder.replied", ATTENTION),
            entry("incident.annotated", WORDS),
            entry("incident.status_update_published", WORDS),
            entry("incident.conference_bridge.updated", WORDS),
            entry("incident.custom_field_values.updated", "custom fields are no part of a metric"),
            entry("incident.incident_type.changed", "types of incidents are no part of a metric"),
            entry("incident.workflow.started", ATTENTION),
            entry("incident.workflow.completed", ATTENTION),
            entry("service.created", SERVICES),
            entry("service.updated", SERVICES),
            entry("service.deleted", SERVICES),
            entry("service.custom_field_values.updated", SERVICES));

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public PagerDutyAdapter(Function<String, ConnectionMapping> mappings) {
        super("pagerduty", mappings);
    }

    @Override
    protected Outcome read(DeliveryReading reading) {
        Place body = reading.body().object();
        requireVersion(body);
        var incidents = new PagerDutyIncidents(reading);
        Place event = body.at("event").object();
        String type = event.at("event_type").text();
        return switch (type) {
            case "pagey.ping" -> new Outcome.Ignored(Reason.PING, "PagerDuty asked whether anybody listens");
            case "incident.triggered" -> incidents.came(event, IncidentState.DETECTED);
            case "incident.acknowledged" -> incidents.came(event, IncidentState.ACKNOWLEDGED);
            case "incident.reopened" -> incidents.came(event, IncidentState.REOPENED);
            case "incident.resolved" -> incidents.resolved(event);
            case "incident.priority_updated" -> incidents.reprioritised(event);
            case "incident.service_updated" -> incidents.moved(event);
            default -> Outcome.Ignored.event("PagerDuty", type, UNUSED);
        };
    }

    private static void requireVersion(Place body) {
        if (body.at("messages").node().isArray() && body.at("event").isAbsent()) {
            throw new Rejection(
                    Reason.UNSUPPORTED_VERSION,
                    "the webhook is of version 1 or 2, which PagerDuty has ended: add a subscription of version 3",
                    "/messages");
        }
    }
}
