package dev.sluice.sources.alertmanager;

import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of a group. An alert is an incident from {@code startsAt} to {@code endsAt}; the same labels fire again
 * later, so both its fingerprint and its start identify it. Whatever is sent again, or by the other one of a pair of
 * Alertmanagers, gives the same event.
 */
final class Alerts {
    static final String SERVICE_LABEL = "service_label";
    static final String ENVIRONMENT_LABEL = "environment_label";
    static final String SEVERITY_LABEL = "severity_label";

    private static final int FIRING_RANK = 1;
    private static final int RESOLVED_RANK = 2;

    private final DeliveryReading reading;
    private final String serviceLabel;
    private final String environmentLabel;
    private final String severityLabel;

    Alerts(DeliveryReading reading) {
        this.reading = reading;
        serviceLabel = label(SERVICE_LABEL, "service");
        environmentLabel = label(ENVIRONMENT_LABEL, "environment");
        severityLabel = label(SEVERITY_LABEL, "severity");
    }

    private String label(String option, String otherwise) {
        String configured = reading.mapping().option(option).optionalText();
        return configured == null ? otherwise : configured;
    }

    Outcome read(Place alert) {
        Place status = alert.object().at("status");
        return switch (status.text()) {
            case "firing" -> observed(alert, IncidentState.DETECTED, alert.at("startsAt"));
            case "resolved" -> observed(alert, IncidentState.RESOLVED, alert.at("endsAt"));
            default ->
                throw new Rejection(
                        Reason.UNKNOWN_STATE, "an alert is firing or resolved: " + status.text(), status.pointer());
        };
    }

    private Outcome observed(Place alert, IncidentState state, Place time) {
        Place labels = alert.at("labels").object();
        Instant startedAt = reading.past(alert.at("startsAt"));
        Instant occurredAt = reading.past(time);
        boolean resolved = state == IncidentState.RESOLVED;
        String fingerprint = alert.at("fingerprint").optionalText();
        String nativeId = (fingerprint == null ? LabelFingerprint.of(labels) : fingerprint) + "@" + startedAt;
        String environment = reading.environment(labels.at(environmentLabel).optionalText());
        return reading.in(
                environment,
                new IncidentObserved(
                        reading.header(occurredAt, "alert", nativeId, state.name(), occurredAt.toString()),
                        IncidentObserved.incidentId(reading.source(), nativeId),
                        reading.service(labels.at(serviceLabel).optionalText()),
                        environment,
                        state,
                        0,
                        resolved ? RESOLVED_RANK : FIRING_RANK,
                        startedAt,
                        resolved ? occurredAt : null,
                        labels.at(severityLabel).optionalText(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        title(alert, labels)));
    }

    private static @Nullable String title(Place alert, Place labels) {
        String summary = alert.at("annotations").at("summary").beginning();
        return summary == null ? labels.at("alertname").beginning() : summary;
    }
}
