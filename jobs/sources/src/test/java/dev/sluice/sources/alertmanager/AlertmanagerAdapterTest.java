package dev.sluice.sources.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlertmanagerAdapterTest {
    private static final String START = "2026-03-01T12:00:00.5Z";
    private static final String OPEN = "0001-01-01T00:00:00Z";
    private static final String LABELS =
            "{\"alertname\": \"Slow\", \"service\": \"checkout\", \"environment\": \"production\"}";

    @Test
    void incidentRunsFromTheFirstToTheLastMomentOfItsAlert() {
        IncidentObserved fired = incident(group(alert("firing", LABELS, OPEN)));
        IncidentObserved resolved = incident(group(alert("resolved", LABELS, "2026-03-01T12:30:00Z")));

        for (List<IncidentObserved> order : List.of(List.of(fired, resolved), List.of(resolved, fired))) {
            Incident incident = Incident.of(order);
            assertThat(incident.startedAt()).isEqualTo(Instant.parse(START));
            assertThat(incident.resolvedAt()).isEqualTo("2026-03-01T12:30:00Z");
            assertThat(incident.counts()).isTrue();
        }
        assertThat(Incident.of(List.of(fired)).resolvedAt()).isNull();
        assertThat(Incident.of(List.of(resolved)).startKnown()).isTrue();
    }

    @Test
    void statusIsThatOfTheAlertAndNotOfTheGroup() {
        assertThat(summary(group(
                        alert("resolved", LABELS, "2026-03-01T12:30:00Z"),
                        alert("firing", LABELS.replace("checkout", "cart"), OPEN))))
                .startsWith("incident RESOLVED ")
                .contains("; incident DETECTED ");
    }

    @Test
    void whatIsSentAgainGivesTheSameEvent() {
        String one = group(alert("firing", LABELS, OPEN));
        String other = one.replace("\"receiver\": \"sluice\"", "\"receiver\": \"the other of the pair\"");

        assertThat(incident(other).header().id())
                .isEqualTo(incident(one).header().id());
        assertThat(incident(one.replace(START, "2026-03-01T13:00:00Z")).incidentId())
                .as("the same labels fire again")
                .isNotEqualTo(incident(one).incidentId());
    }

    @Test
    void fingerprintThatAnOldVersionDoesNotSendIsComputed() {
        Place alert = Documents.read(Deliveries.payload("alertmanager/firing_from_prometheus_rule.json"))
                .at("alerts")
                .at(0);

        assertThat(LabelFingerprint.of(alert.at("labels")))
                .isEqualTo(alert.at("fingerprint").text());
    }

    @Test
    void severityAndTitleAreThoseOfTheAlert() {
        String labels = LABELS.replace("}", ", \"severity\": \"critical\"}");
        String described = alert("firing", labels, OPEN)
                .replace("\"annotations\": {}", "\"annotations\": {\"summary\": \"slow since noon\"}");

        assertThat(incident(group(described)).severity()).isEqualTo("critical");
        assertThat(incident(group(described)).title()).isEqualTo("slow since noon");
        assertThat(incident(group(alert("firing", labels, OPEN))).title()).isEqualTo("Slow");
    }

    @Test
    void labelsAreThoseThatTheConnectionNames() {
        ConnectionMapping mapping = new ConnectionMapping(Map.of("shop-checkout", "checkout"), Set.of())
                .withOptions(Documents.read("""
                                {"service_label": "app", "environment_label": "stage", "severity_label": "prio"}""").node());
        String labels = "{\"app\": \"shop-checkout\", \"stage\": \"eu\", \"prio\": \"P1\", \"service\": \"other\"}";

        IncidentObserved incident = incident(group(alert("firing", labels, OPEN)), mapping);

        assertThat(incident.service()).isEqualTo("checkout");
        assertThat(incident.environment()).isEqualTo("eu");
        assertThat(incident.severity()).isEqualTo("P1");
    }

    @Test
    void alertWithoutLabelsIsTheConnectionsOrOfUnknown() {
        String body = group(alert("firing", "{\"alertname\": \"Watchdog\"}", OPEN));

        assertThat(Incident.of(List.of(incident(body))).service()).isEqualTo(Incident.UNKNOWN);
        assertThat(summary(body, ConnectionMapping.DEFAULT.withDefaults("platform", "production")))
                .contains(" platform production ");
        assertThat(summary(
                        group(alert("firing", LABELS, OPEN)),
                        ConnectionMapping.DEFAULT.withDefaults("platform", "staging")))
                .as("what the alert says goes first")
                .contains(" checkout production ");
    }

    @Test
    void alertsOfOtherEnvironmentsAreLeftOut() {
        var mapping = new ConnectionMapping(Map.of(), Set.of("production"));
        String other = alert("firing", LABELS.replace("production", "staging"), OPEN);

        assertThat(summary(group(other), mapping)).isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
        assertThat(summary(group(other, alert("firing", LABELS, OPEN)), mapping))
                .startsWith("incident DETECTED ")
                .doesNotContain("staging");
    }

    @Test
    void alertThatCannotBeUnderstoodTakesNoOtherWithIt() {
        assertThat(summary(group(
                        alert("burning", LABELS, OPEN),
                        alert("firing", LABELS, OPEN),
                        alert("resolved", LABELS, OPEN),
                        "7")))
                .startsWith("incident DETECTED ")
                .endsWith("; skipped MALFORMED UNKNOWN_STATE /alerts/0/status"
                        + "; skipped MALFORMED TIME_OUT_OF_RANGE /alerts/2/endsAt"
                        + "; skipped MALFORMED WRONG_VALUE /alerts/3");
    }

    @Test
    void alertsThatWereLeftOutAreSeen() {
        String truncated =
                group(alert("firing", LABELS, OPEN)).replace("\"truncatedAlerts\": 0", "\"truncatedAlerts\": 7");

        Outcome.Events outcome = (Outcome.Events) adapt(truncated, ConnectionMapping.DEFAULT);

        assertThat(outcome.events()).hasSize(1);
        assertThat(outcome.skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.detail()).contains("left out 7 alerts", "max_alerts"));
    }

    @Test
    void groupThatIsNoneOfVersionFourIsRefused() {
        assertThat(summary("{}")).isEqualTo("MALFORMED MISSING_FIELD /version");
        assertThat(summary("{\"version\": \"1\"}")).isEqualTo("MALFORMED UNSUPPORTED_VERSION /version");
        assertThat(summary("{\"version\": \"4\"}")).isEqualTo("MALFORMED MISSING_FIELD /alerts");
        assertThat(summary(group())).isEqualTo("IGNORED UNUSED_EVENT");
    }

    private static String group(String... alerts) {
        return """
                {"version": "4", "receiver": "sluice", "status": "firing", "truncatedAlerts": 0, "alerts": [%s]}""".formatted(String.join(", ", alerts));
    }

    private static String alert(String status, String labels, String endsAt) {
        return """
                {"status": "%s", "labels": %s, "annotations": {}, "startsAt": "%s", "endsAt": "%s"}""".formatted(status, labels, START, endsAt);
    }

    private static String summary(String body) {
        return summary(body, ConnectionMapping.DEFAULT);
    }

    private static String summary(String body, ConnectionMapping mapping) {
        return Summary.of(adapt(body, mapping));
    }

    private static IncidentObserved incident(String body) {
        return incident(body, ConnectionMapping.DEFAULT);
    }

    private static IncidentObserved incident(String body, ConnectionMapping mapping) {
        return Stream.of(adapt(body, mapping))
                .map(Outcome.Events.class::cast)
                .flatMap(events -> events.events().stream())
                .map((DeliveryEvent event) -> (IncidentObserved) event)
                .findFirst()
                .orElseThrow();
    }

    private static Outcome adapt(String body, ConnectionMapping mapping) {
        return new AlertmanagerAdapter(connection -> mapping)
                .adapt(Deliveries.delivery(
                        "alertmanager", "acme-alertmanager", "", "application/json", Deliveries.bytes(body)));
    }
}
