package dev.sluice.sources.corrections;

import static dev.sluice.sources.Deliveries.RECEIVED_AT;
import static dev.sluice.sources.Deliveries.correction;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import dev.sluice.sources.cdevents.CdEventsAdapter;
import dev.sluice.wire.CorrectionNote;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CorrectionsAdapterTest {
    private static final Instant MADE_AT = Instant.parse("2026-03-02T08:00:00.250Z");
    private static final long REVISION = (1L << 50) + MADE_AT.toEpochMilli();
    private static final String DEPLOYMENT = "github/acme/checkout#600200";
    private static final String INCIDENT = "https://monitoring.acme.example/INC-8";

    private final CorrectionsAdapter adapter = new CorrectionsAdapter();

    // ---- what a correction says, and that it says nothing else

    @Test
    void deploymentFailed_orDidNot() {
        assertThat(deployment("deployment_failed")).isEqualTo(amended(DeploymentState.AMENDED, null, true));
        assertThat(deployment("deployment_did_not_fail")).isEqualTo(amended(DeploymentState.AMENDED, null, false));
    }

    @Test
    void deploymentRemediates() {
        assertThat(deployment("deployment_remediates"))
                .isEqualTo(amended(DeploymentState.AMENDED, "checkout@2.4.0", null));
    }

    @Test
    void deploymentDeleted() {
        assertThat(deployment("deployment_deleted")).isEqualTo(amended(DeploymentState.DELETED, null, null));
    }

    @Test
    void incidentLinkedToDeployments_orToNone() {
        assertThat(incident("incident_linked"))
                .isEqualTo(amended(IncidentState.AMENDED, null, null, null, List.of(DEPLOYMENT, "checkout@2.4.1")));
        assertThat(incident("incident_unlinked"))
                .isEqualTo(amended(IncidentState.AMENDED, null, null, null, List.of()));
    }

    @Test
    void incidentReattributed() {
        assertThat(incident("incident_reattributed"))
                .isEqualTo(amended(IncidentState.AMENDED, "payments", "production", null, null));
    }

    @Test
    void incidentCausedByAChange_orNot() {
        assertThat(incident("incident_change_caused"))
                .isEqualTo(amended(IncidentState.AMENDED, null, null, false, null));
    }

    @Test
    void incidentDeleted() {
        assertThat(incident("incident_deleted")).isEqualTo(amended(IncidentState.DELETED, null, null, null, null));
    }

    @Test
    void environmentOfAnotherClass_fromADayOn() {
        assertThat(assignment("environment_classified"))
                .isEqualTo(assigned(CatalogueKind.ENVIRONMENT_CLASS, "eu-live", "PRODUCTION", "2026-03-01", false));
    }

    @Test
    void serviceOfAnotherTeam_orOfNone_fromADayOn() {
        assertThat(assignment("service_moved"))
                .isEqualTo(assigned(CatalogueKind.SERVICE_TEAM, "checkout", "payments", "2026-03-01", false));
        assertThat(assignment("service_moved_to_nobody"))
                .isEqualTo(assigned(CatalogueKind.SERVICE_TEAM, "checkout", null, "2026-07-01", false));
    }

    @Test
    void assignmentDeleted() {
        assertThat(assignment("assignment_deleted"))
                .isEqualTo(assigned(CatalogueKind.SERVICE_TEAM, "checkout", null, "2026-03-01", true));
    }

    @ParameterizedTest
    @MethodSource("validExamples")
    void everyValidExampleIsOneEventOfItsDelivery(String name) {
        DeliveryEvent event = only(adapter.adapt(correction(body("1", MADE_AT, name, said -> {}))));

        assertThat(event.header().source()).isEqualTo("sluice");
        assertThat(event.header().tenant()).isEqualTo("default");
        assertThat(event.header().delivery()).isEqualTo(Deliveries.ID);
        assertThat(event.header().occurredAt()).isEqualTo(MADE_AT);
        assertThat(event.header().receivedAt()).isEqualTo(RECEIVED_AT);
    }

    // ---- who and why

    @Test
    void noteIsOfTheCredential_andOfNothingThatTheBodySays() {
        Outcome.Events outcome =
                (Outcome.Events) adapter.adapt(correction(body("1", MADE_AT, "deployment_failed", said -> {})));

        assertThat(outcome.note())
                .isEqualTo(new CorrectionNote(
                        Deliveries.PRINCIPAL, "Half of the orders failed until the next deployment", "OPS-412"));
        assertThat(Summary.of(adapter.adapt(correction(
                        body("1", MADE_AT, "deployment_failed", said -> said.put("principal", "somebody else"))))))
                .isEqualTo("MALFORMED INVALID_EVENT /data/principal");
    }

    @Test
    void ticketMayBeAbsent() {
        for (String name : List.of("deployment_did_not_fail", "deployment_remediates", "deployment_deleted")) {
            Outcome.Events outcome = (Outcome.Events) adapter.adapt(correction(body("1", MADE_AT, name, said -> {})));

            assertThat(outcome.note())
                    .extracting(CorrectionNote::ticket)
                    .as(name)
                    .isNull();
        }
    }

    // ---- what wins

    @Test
    void outranksEveryEvent_andKeepsWhatItDoesNotCorrect() {
        DeploymentObserved last = (DeploymentObserved) only(new CdEventsAdapter(connection -> ConnectionMapping.DEFAULT)
                .adapt(Deliveries.cloudEvent(Deliveries.bytes("""
                        {"specversion": "1.0", "id": "9", "source": "github",
                         "type": "dev.cdeventsx.sluice-deployment.observed.0.1.0",
                         "data": {"context": {"specversion": "0.5.1", "id": "9", "source": "github",
                             "timestamp": "2026-03-02T08:20:00Z",
                             "type": "dev.cdeventsx.sluice-deployment.observed.0.1.0"},
                           "subject": {"id": "acme/checkout#600200", "content": {"service": "checkout",
                             "environment": "production", "state": "success", "version": "2.4.1", "impact": false,
                             "rank": 1000000, "revision": 1125899906842623}}}}"""))));

        DeploymentAttempt attempt = DeploymentAttempt.of(List.of(last, deployment("deployment_failed")));
        DeploymentAttempt deleted = DeploymentAttempt.of(List.of(last, deployment("deployment_deleted")));

        assertThat(last.revision()).isLessThan(CorrectionsAdapter.FIRST_REVISION);
        assertThat(attempt.impact()).isTrue();
        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo("2026-03-02T08:20:00Z");
        assertThat(attempt.version()).isEqualTo("2.4.1");
        assertThat(attempt.deleted()).isFalse();
        assertThat(deleted.deleted()).isTrue();
    }

    @Test
    void laterCorrectionWins_andCorrectionsOfDifferentThingsStandTogether() {
        IncidentObserved linked = incident("incident_linked", "1", MADE_AT);
        IncidentObserved unlinked = incident("incident_unlinked", "2", MADE_AT.plusMillis(1));
        IncidentObserved reattributed = incident("incident_reattributed", "3", MADE_AT.minusMillis(1));

        for (List<IncidentObserved> order : List.of(
                List.of(linked, unlinked, reattributed),
                List.of(reattributed, unlinked, linked),
                List.of(unlinked, linked, reattributed))) {
            Incident incident = Incident.of(order);
            assertThat(incident.deployments()).isEmpty();
            assertThat(incident.service()).isEqualTo("payments");
        }
    }

    @Test
    void sameCorrectionAgainIsTheSameEvent() {
        String id = incident("incident_linked", "1", MADE_AT).header().id();

        assertThat(incident("incident_linked", "1", MADE_AT).header().id()).isEqualTo(id);
        assertThat(incident("incident_linked", "2", MADE_AT).header().id()).isNotEqualTo(id);
        // Stored ids are compared with derived ones: this one must never change.
        assertThat(id).isEqualTo("b9107c00-9c5c-5e29-93ad-abce934fac04");
    }

    // ---- what is malformed

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void refusesInvalidExampleWhereTheSchemaDoes(String name) throws IOException {
        Path folder = Deliveries.corrections().resolve("invalid");
        String pointer = Files.readAllLines(folder.resolve(name + ".expected")).get(0);
        byte[] body = CorrectionEvent.of(
                "1",
                MADE_AT,
                Json.mapper().readTree(folder.resolve(name + ".json").toFile()));

        assertThat(Summary.of(adapter.adapt(correction(body))))
                .startsWith("MALFORMED ")
                .endsWith(" /data" + pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                             | MISSING_FIELD /data",
                "{\"data\": 7}                                  | WRONG_VALUE /data",
                "{\"id\": \"1\", \"data\": %s}                  | MISSING_FIELD /time",
                "{\"time\": \"2026-03-02T08:00:00Z\", \"data\": %s} | MISSING_FIELD /id",
                "{\"id\": \"1\", \"time\": \"noon\", \"data\": %s}  | WRONG_VALUE /time",
                "{\"id\": \"1\", \"time\": \"2026-03-02T08:35:01Z\", \"data\": %s} | FUTURE_DATED /time",
                "{                                              | MALFORMED_JSON ''"
            })
    void refusesWhatTheGateApiDoesNotWrite(String template, String outcome) {
        String json = template.replace(
                "%s", "{\"kind\": \"incident_deleted\", \"incident\": \"a/b\", \"reason\": \"because\"}");

        assertThat(Summary.of(adapter.adapt(correction(Deliveries.bytes(json)))))
                .isEqualTo("MALFORMED " + outcome.replace("''", ""));
    }

    @Test
    void refusesADayThatNoColumnHolds_withTheRange() {
        var outcome = (Outcome.Malformed) adapter.adapt(
                correction(body("1", MADE_AT, "assignment_deleted", said -> said.put("from", "2149-01-01"))));

        assertThat(outcome.reason()).isEqualTo(Reason.INVALID_EVENT);
        assertThat(outcome.pointer()).isEqualTo("/data/from");
        assertThat(outcome.detail()).contains("a day from 1970-01-02 to 2148-12-31");
    }

    // ---- fixture

    static Stream<String> validExamples() throws IOException {
        return names("valid");
    }

    static Stream<String> invalidExamples() throws IOException {
        return names("invalid");
    }

    private static Stream<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Deliveries.corrections().resolve(folder))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.replace(".json", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private CatalogueAssigned assignment(String name) {
        return (CatalogueAssigned) only(adapter.adapt(correction(body("1", MADE_AT, name, said -> {}))));
    }

    private CatalogueAssigned assigned(
            CatalogueKind kind, String subject, @Nullable String value, String from, boolean deleted) {
        EventHeader header = deployment("deployment_failed").header();
        return new CatalogueAssigned(header, kind, subject, value, LocalDate.parse(from), REVISION, deleted);
    }

    private DeploymentObserved deployment(String name) {
        return (DeploymentObserved) only(adapter.adapt(correction(body("1", MADE_AT, name, said -> {}))));
    }

    private IncidentObserved incident(String name) {
        return incident(name, "1", MADE_AT);
    }

    private IncidentObserved incident(String name, String id, Instant at) {
        return (IncidentObserved) only(adapter.adapt(correction(body(id, at, name, said -> {}))));
    }

    private DeploymentObserved amended(DeploymentState state, @Nullable String remediates, @Nullable Boolean impact) {
        return new DeploymentObserved(
                deployment("deployment_failed").header(),
                DEPLOYMENT,
                "checkout",
                "production",
                state,
                REVISION,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                remediates,
                null,
                null,
                impact);
    }

    private IncidentObserved amended(
            IncidentState state,
            @Nullable String service,
            @Nullable String environment,
            @Nullable Boolean changeCaused,
            @Nullable List<String> deployments) {
        return new IncidentObserved(
                incident("incident_linked").header(),
                INCIDENT,
                service,
                environment,
                state,
                REVISION,
                0,
                null,
                null,
                null,
                changeCaused,
                deployments,
                null,
                null,
                null,
                null);
    }

    private static DeliveryEvent only(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        List<DeliveryEvent> events = ((Outcome.Events) outcome).events();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static byte[] body(String id, Instant at, String name, Consumer<ObjectNode> change) {
        try {
            ObjectNode said = (ObjectNode) Json.mapper()
                    .readTree(Deliveries.corrections()
                            .resolve("valid")
                            .resolve(name + ".json")
                            .toFile());
            change.accept(said);
            return CorrectionEvent.of(id, at, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
