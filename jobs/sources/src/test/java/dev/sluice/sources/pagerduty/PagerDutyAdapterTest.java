package dev.sluice.sources.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagerDutyAdapterTest {
    private static final String MERGED = """
            {"type": "merge_resolve_reason", "incident": {"id": "Q1TARGET", "type": "incident_reference"}}""";

    @Test
    void incidentGoesAsItsEventsOccurredInWhateverOrderTheyCome() {
        var events = new ArrayList<>(List.of(
                incident(event("incident.triggered", "12:00", "P2", "PSHOP", "null")),
                incident(event("incident.acknowledged", "12:01", "P2", "PSHOP", "null")),
                incident(event("incident.resolved", "12:10", "P2", "PSHOP", "null")),
                incident(event("incident.reopened", "12:20", "P2", "PSHOP", "null")),
                incident(event("incident.priority_updated", "12:30", "P1", "PSHOP", "null")),
                incident(event("incident.service_updated", "12:31", "P1", "PCART", "null")),
                incident(event("incident.resolved", "12:40", "P1", "PCART", "null"))));
        var random = new Random(11);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(events, random);
            Incident incident = Incident.of(events);

            assertThat(incident.id()).isEqualTo("pagerduty/Q1INC");
            assertThat(incident.startedAt()).isEqualTo(at("11:59"));
            assertThat(incident.resolvedAt()).isEqualTo(at("12:40"));
            assertThat(incident.closedGapMs()).isEqualTo(600_000);
            assertThat(incident.severity()).isEqualTo("P1");
            assertThat(incident.service()).isEqualTo("Service PCART");
            assertThat(incident.title()).isEqualTo("Checkout answers with 502");
        }
    }

    @Test
    void resolutionAloneTellsTheWholeIncident() {
        Incident incident = Incident.of(List.of(incident(event("incident.resolved", "12:10", "P2", "PSHOP", "null"))));

        assertThat(incident.startedAt()).isEqualTo(at("11:59"));
        assertThat(incident.resolvedAt()).isEqualTo(at("12:10"));
        assertThat(incident.counts()).isTrue();
    }

    @Test
    void incidentThatWasMergedIsTheOtherOne() {
        IncidentObserved triggered = incident(event("incident.triggered", "12:00", "P2", "PSHOP", "null"));
        IncidentObserved merged = incident(event("incident.resolved", "12:10", "P2", "PSHOP", MERGED));

        Incident incident = Incident.of(List.of(triggered, merged));

        assertThat(incident.mergedInto()).isEqualTo("pagerduty/Q1TARGET");
        assertThat(incident.counts()).isFalse();
    }

    @Test
    void mergeThatDoesNotSayIntoWhatIsADeadLetter() {
        assertThat(summary(event("incident.resolved", "12:10", "P2", "PSHOP", "{\"type\": \"merge_resolve_reason\"}")))
                .isEqualTo("MALFORMED MISSING_FIELD /event/data/resolve_reason/incident/id");
    }

    @Test
    void eventIsKnownByItsId() {
        String triggered = event("incident.triggered", "12:00", "P2", "PSHOP", "null");

        assertThat(incident(triggered.replace("\"client\"", "\"agent\""))
                        .header()
                        .id())
                .isEqualTo(incident(triggered).header().id());
        assertThat(incident(triggered.replace("E-incident.triggered-12:00", "other"))
                        .header()
                        .id())
                .isNotEqualTo(incident(triggered).header().id());
    }

    @Test
    void serviceIsNamedByIdOrByName() {
        String triggered = event("incident.triggered", "12:00", "P2", "PSHOP", "null");

        assertThat(incident(triggered, new ConnectionMapping(Map.of("PSHOP", "shop"), Set.of()))
                        .service())
                .isEqualTo("shop");
        assertThat(incident(triggered, new ConnectionMapping(Map.of("Service PSHOP", "shop"), Set.of()))
                        .service())
                .isEqualTo("shop");
        assertThat(incident(triggered, ConnectionMapping.DEFAULT.withDefaults("all", "production"))
                        .service())
                .isEqualTo("all");
        assertThat(incident(triggered, ConnectionMapping.DEFAULT.withDefaults("all", "production"))
                        .environment())
                .isEqualTo("production");
        assertThat(incident(triggered.replace("\"service\"", "\"none\"")).service())
                .isNull();
    }

    @Test
    void severityIsThePriorityOrTheUrgency() {
        String triggered = event("incident.triggered", "12:00", "P2", "PSHOP", "null");

        assertThat(incident(triggered).severity()).isEqualTo("P2");
        assertThat(incident(triggered.replace("{\"summary\": \"P2\"}", "null")).severity())
                .isEqualTo("high");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "incident.unacknowledged",
                "incident.escalated",
                "incident.reassigned",
                "incident.delegated",
                "incident.responder.added",
                "incident.responder.replied",
                "incident.annotated",
                "incident.status_update_published",
                "incident.conference_bridge.updated",
                "incident.custom_field_values.updated",
                "incident.incident_type.changed",
                "incident.workflow.started",
                "incident.workflow.completed",
                "service.created",
                "service.updated",
                "service.deleted",
                "service.custom_field_values.updated"
            })
    void eventThatNoMetricUsesIsIgnoredByName(String type) {
        Outcome.Ignored ignored = (Outcome.Ignored) adapt(event(type, "12:00", "P2", "PSHOP", "null"));

        assertThat(ignored.reason()).hasToString("UNUSED_EVENT");
        assertThat(ignored.detail()).contains(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "incident.exploded  | IGNORED UNKNOWN_EVENT",
                "pagey.ping         | IGNORED PING",
            })
    void otherEvents(String type, String outcome) {
        assertThat(summary(event(type, "12:00", "P2", "PSHOP", "null"))).isEqualTo(outcome);
    }

    @Test
    void versionsBeforeTheThirdAreRefused() {
        assertThat(summary("{\"messages\": [{\"type\": \"incident.trigger\"}]}"))
                .isEqualTo("MALFORMED UNSUPPORTED_VERSION /messages");
        assertThat(summary("{}")).isEqualTo("MALFORMED MISSING_FIELD /event");
    }

    private static String event(String type, String time, String priority, String service, String resolveReason) {
        return """
                {"event": {"id": "E-%1$s-%2$s", "event_type": "%1$s", "resource_type": "incident",
                  "occurred_at": "2026-03-01T%2$s:00.000Z", "client": null,
                  "data": {"id": "Q1INC", "type": "incident", "number": 7, "created_at": "2026-03-01T11:59:00Z",
                    "title": "Checkout answers with 502", "priority": {"summary": "%3$s"}, "urgency": "high",
                    "service": {"id": "%4$s", "summary": "Service %4$s"}, "resolve_reason": %5$s}}}""".formatted(type, time, priority, service, resolveReason);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + ":00Z");
    }

    private static String summary(String body) {
        return Summary.of(adapt(body));
    }

    private static IncidentObserved incident(String body) {
        return incident(body, ConnectionMapping.DEFAULT);
    }

    private static IncidentObserved incident(String body, ConnectionMapping mapping) {
        Outcome outcome = adapt(body, mapping);
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        return (IncidentObserved) ((Outcome.Events) outcome).events().get(0);
    }

    private static Outcome adapt(String body) {
        return adapt(body, ConnectionMapping.DEFAULT);
    }

    private static Outcome adapt(String body, ConnectionMapping mapping) {
        return new PagerDutyAdapter(connection -> mapping)
                .adapt(Deliveries.late("pagerduty", Map.of(), Deliveries.bytes(body)));
    }
}
