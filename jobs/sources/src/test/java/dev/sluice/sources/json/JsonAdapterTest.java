package dev.sluice.sources.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonAdapterTest {
    private static final String DEPLOYMENT = """
            {"document": "deployment",
             "fields": {"id": "/release/number", "service": "/service", "environment": "production",
                        "state": "/result", "time": "/at", "started_at": "/began", "version": "/release/name",
                        "repository": "acme/checkout", "sha": "/sha"},
             "states": {"OK": "success", "BROKEN": "failure", "true": "success"}}""";

    private static final String RELEASE = """
            {"release": {"number": 7, "name": "1.4.0"}, "service": "checkout", "result": "OK", "sha": "6dcb09b",
             "at": "2026-03-01T12:04:00+01:00", "began": "2026-03-01T12:00:00+01:00"}""";

    @Test
    void deploymentIsWhatTheFieldsSay() {
        DeploymentObserved deployment = one(DEPLOYMENT, RELEASE, DeploymentObserved.class);

        assertThat(deployment.deploymentId()).isEqualTo("json/acme-json/7");
        assertThat(deployment.service()).isEqualTo("checkout");
        assertThat(deployment.environment()).isEqualTo("production");
        assertThat(deployment.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(deployment.header().occurredAt()).isEqualTo("2026-03-01T11:04:00Z");
        assertThat(deployment.startedAt()).isEqualTo("2026-03-01T11:00:00Z");
        assertThat(deployment.version()).isEqualTo("1.4.0");
        assertThat(deployment.repository()).isEqualTo("acme/checkout");
        assertThat(deployment.sha()).isEqualTo("6dcb09b");
        assertThat(deployment.digest()).isNull();
    }

    @Test
    void everyStateOfADeploymentHasItsName() {
        String mapping = """
                {"document": "deployment", "fields": {"id": "/id", "service": "checkout", "environment": "production",
                 "state": "/state", "time": "/at"}}""";
        for (DeploymentState state : DeploymentState.values()) {
            String summary = summary(mapping, """
                    {"id": "7", "state": "%s", "at": "2026-03-01T12:00:00Z"}""".formatted(state.name().toLowerCase(Locale.ROOT)));

            assertThat(summary)
                    .startsWith(state == DeploymentState.AMENDED ? "IGNORED UNKNOWN_STATE" : state + " json/");
        }
    }

    @Test
    void valueThatTheTableDoesNotNameIsIgnored() {
        assertThat(summary(DEPLOYMENT, RELEASE.replace("\"OK\"", "\"MAYBE\""))).isEqualTo("IGNORED UNKNOWN_STATE");
        assertThat(summary(DEPLOYMENT, RELEASE.replace("\"OK\"", "true"))).startsWith("SUCCESS ");
    }

    @Test
    void incidentIsWhatTheFieldsSay() {
        String mapping = """
                {"document": "incident", "times": "epoch_millis", "states": {"open": "detected", "closed": "resolved"},
                 "fields": {"id": "/key", "state": "/status", "time": "/changed", "service": "/tags/0",
                            "started_at": "/opened", "resolved_at": "/closed", "severity": "/prio", "title": "/text",
                            "merged_into": "/parent"}}""";
        IncidentObserved incident = one(mapping, """
                {"key": "OPS-9", "status": "closed", "changed": 1772366400000, "opened": "1772362800000",
                 "closed": 1772366400001, "tags": ["checkout"], "prio": 1, "text": "slow"}""", IncidentObserved.class);

        assertThat(incident.incidentId()).isEqualTo("json/acme-json/OPS-9");
        assertThat(incident.state()).isEqualTo(IncidentState.RESOLVED);
        assertThat(incident.service()).isEqualTo("checkout");
        assertThat(incident.environment()).isNull();
        assertThat(incident.header().occurredAt()).isEqualTo(Instant.ofEpochMilli(1772366400000L));
        assertThat(incident.startedAt()).isEqualTo(Instant.ofEpochMilli(1772362800000L));
        assertThat(incident.resolvedAt()).isEqualTo(Instant.ofEpochMilli(1772366400001L));
        assertThat(incident.severity()).isEqualTo("1");
        assertThat(incident.title()).isEqualTo("slow");
        assertThat(incident.mergedInto()).isNull();
    }

    @Test
    void changeIsACommit() {
        String mapping = """
                {"document": "change", "items": "/commits", "times": "epoch_seconds",
                 "fields": {"repository": "acme/checkout", "sha": "/hash", "authored_at": "/when", "parents": "/parents"}}""";
        Outcome.Events outcome = (Outcome.Events) adapt(mapping, """
                {"commits": [{"hash": "aaaaaaa", "when": 1772362800, "parents": []},
                             {"hash": "bbbbbbb", "when": 1772366400, "parents": ["aaaaaaa"]},
                             {"hash": "ccccccc", "when": 1772366400},
                             {"hash": "ddddddd", "when": 1772366400, "parents": ["ddddddd"]},
                             {"hash": "eeeeeee", "when": "noon"}]}""");

        assertThat(outcome.events())
                .extracting(event -> ((CommitRecorded) event).parentage())
                .containsExactly(Parentage.EXPLICIT, Parentage.EXPLICIT, Parentage.UNKNOWN);
        assertThat(((CommitRecorded) outcome.events().get(1)).parents()).containsExactly("aaaaaaa");
        assertThat(((CommitRecorded) outcome.events().get(0)).authoredAt()).isEqualTo("2026-03-01T11:00:00Z");
        assertThat(outcome.skipped())
                .extracting(Outcome.Malformed::pointer)
                .containsExactly("/commits/3/parents", "/commits/4/when");
    }

    @Test
    void driftCheckIsWhatTheFieldsSay() {
        String mapping = """
                {"document": "drift", "states": {"true": "drifted", "false": "clean"},
                 "fields": {"id": "/scan", "resource": "/stack", "state": "/differs", "time": "/at",
                            "fingerprint": "/hash", "interval_seconds": "3600"}}""";
        String scan = """
                {"scan": 12, "stack": "network", "differs": true, "at": "2026-03-01T12:00:00Z", "hash": "f00"}""";
        ConnectionMapping connection = ConnectionMapping.DEFAULT.withDefaults("checkout", "production");

        DriftChecked check = (DriftChecked) ((Outcome.Events)
                        adapt(connection.withOptions(Documents.read(mapping).node()), scan))
                .events()
                .get(0);

        assertThat(check.checkId()).isEqualTo("json/acme-json/12");
        assertThat(check.service()).isEqualTo("checkout");
        assertThat(check.environment()).isEqualTo("production");
        assertThat(check.resource()).isEqualTo("network");
        assertThat(check.drifted()).isTrue();
        assertThat(check.fingerprint()).isEqualTo("f00");
        assertThat(check.interval()).isEqualTo(Duration.ofHours(1));
        assertThat(Summary.of(
                        adapt(connection.withOptions(Documents.read(mapping).node()), scan.replace("true", "false"))))
                .startsWith("no drift ");
        assertThat(Summary.of(adapt(
                        connection.withOptions(Documents.read(mapping.replace("\"3600\"", "\"0\""))
                                .node()),
                        scan)))
                .startsWith("MALFORMED WRONG_VALUE ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"number\": 7             | \"number\": null        | MALFORMED MISSING_FIELD /release/number",
                "\"number\": 7             | \"number\": {}          | MALFORMED WRONG_VALUE /release/number",
                "\"service\": \"checkout\" | \"service\": \" \"      | MALFORMED MISSING_FIELD /service",
                "\"result\": \"OK\"        | \"none\": 1             | MALFORMED MISSING_FIELD /result",
                "2026-03-01T12:04:00+01:00 | yesterday               | MALFORMED WRONG_VALUE /at",
                "2026-03-01T12:04:00+01:00 | 2027-03-01T12:04:00Z    | MALFORMED FUTURE_DATED /at",
                "{\"release\"              | {\"release\" 7          | MALFORMED MALFORMED_JSON ''",
            })
    void wrongDocumentIsADeadLetterThatSaysWhere(String part, String instead, String outcome) {
        assertThat(RELEASE).contains(part);
        assertThat(summary(DEPLOYMENT, RELEASE.replace(part, instead))).isEqualTo(outcome.replace("''", ""));
    }

    @Test
    void itemsOfAListAreReadEachByItself() {
        String mapping = DEPLOYMENT.replace("\"fields\"", "\"items\": \"/releases\", \"fields\"");
        String releases = "{\"releases\": [%s, %s, %s]}";

        assertThat(summary(
                        mapping,
                        releases.formatted(
                                RELEASE,
                                "{\"result\": \"OK\"}",
                                RELEASE.replace("OK", "BROKEN").replace("7", "8"))))
                .isEqualTo("SUCCESS json/acme-json/7 checkout production 2026-03-01T11:04:00Z;"
                        + " FAILURE json/acme-json/8 checkout production 2026-03-01T11:04:00Z;"
                        + " skipped MALFORMED MISSING_FIELD /releases/1/release/number");
        assertThat(summary(mapping, "{\"releases\": []}")).isEqualTo("IGNORED UNUSED_EVENT");
        assertThat(summary(mapping, "{\"releases\": {}}")).isEqualTo("MALFORMED WRONG_VALUE /releases");
        assertThat(summary(mapping, "{}")).isEqualTo("MALFORMED MISSING_FIELD /releases");
    }

    @Test
    void sameItemGivesTheSameEvent() {
        String other = RELEASE.replace("1.4.0", "1.4.1");

        assertThat(one(DEPLOYMENT, other, DeploymentObserved.class).header().id())
                .isEqualTo(one(DEPLOYMENT, RELEASE, DeploymentObserved.class)
                        .header()
                        .id());
        assertThat(one(DEPLOYMENT, RELEASE.replace("OK", "BROKEN"), DeploymentObserved.class)
                        .header()
                        .id())
                .isNotEqualTo(one(DEPLOYMENT, RELEASE, DeploymentObserved.class)
                        .header()
                        .id());
    }

    @Test
    void namesBecomeTheConnections() {
        ConnectionMapping renamed = new ConnectionMapping(Map.of("checkout", "shop"), Set.of());

        assertThat(Summary.of(
                        adapt(renamed.withOptions(Documents.read(DEPLOYMENT).node()), RELEASE)))
                .contains(" shop production ");
        assertThat(Summary.of(adapt(
                        new ConnectionMapping(Map.of(), Set.of("staging"))
                                .withOptions(Documents.read(DEPLOYMENT).node()),
                        RELEASE)))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
    }

    @Test
    void connectionThatDeclaresNothingIsADeadLetter() {
        assertThat(summary("{}", RELEASE)).isEqualTo("MALFORMED MAPPING_INVALID null");
    }

    private static <T extends DeliveryEvent> T one(String mapping, String body, Class<T> type) {
        Outcome outcome = adapt(mapping, body);
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        List<DeliveryEvent> events = ((Outcome.Events) outcome).events();
        assertThat(events).hasSize(1);
        return type.cast(events.get(0));
    }

    private static String summary(String mapping, String body) {
        return Summary.of(adapt(mapping, body));
    }

    private static Outcome adapt(String mapping, String body) {
        return adapt(
                ConnectionMapping.DEFAULT.withOptions(Documents.read(mapping).node()), body);
    }

    private static Outcome adapt(ConnectionMapping mapping, String body) {
        return new JsonAdapter(connection -> mapping).adapt(Deliveries.late("json", Map.of(), Deliveries.bytes(body)));
    }
}
