package dev.sluice.sources.cdevents;

import static dev.sluice.sources.Deliveries.RECEIVED_AT;
import static dev.sluice.sources.Deliveries.bytes;
import static dev.sluice.sources.Deliveries.cloudEvent;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdEventsAdapterTest {
    private static final String SOURCE = "https://ci.acme.example/deployments";
    private static final String CONTEXT_ID = "7b1c0e8a-41f5-4d5f-9a54-6f0a3c2d1e01";
    private static final String SHA1 = "5f3a9c0d1e2b4a69788796a5b4c3d2e1f0a9b8c7";
    private static final String SHA0 = "0c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4";
    private static final String SHA2 = "d4c3b2a1908f7e6d5c4b3a29180f7e6d5c4b3a29";

    private static final String MONITORING = "https://monitoring.acme.example";
    private static final Pattern OWN = Pattern.compile("(commit|deployment|incident|pullrequest|drift)_");
    private static final List<PullRequestObserved.Commit> COMMITS = List.of(
            new PullRequestObserved.Commit(SHA0, Instant.parse("2026-02-26T16:40:00Z")),
            new PullRequestObserved.Commit(SHA2, Instant.parse("2026-02-27T07:15:30Z")));

    private final CdEventsAdapter adapter = new CdEventsAdapter(connection -> ConnectionMapping.DEFAULT);

    @Test
    void ownDeploymentIsReadCompletely() {
        DeploymentObserved event = deployment("deployment_complete");

        assertThat(event.deploymentId()).isEqualTo(SOURCE + "/4712");
        assertThat(event.service()).isEqualTo("checkout");
        assertThat(event.environment()).isEqualTo("production");
        assertThat(event.state()).isEqualTo(DeploymentState.FAILURE);
        assertThat(event.revision()).isEqualTo(2);
        assertThat(event.queuedAt()).isEqualTo("2026-03-01T11:50:00Z");
        assertThat(event.startedAt()).isEqualTo("2026-03-01T11:52:10.250Z");
        assertThat(event.version()).isEqualTo("2.4.1");
        assertThat(event.repository()).isEqualTo("acme/checkout");
        assertThat(event.sha()).isEqualTo(SHA1);
        assertThat(event.digest()).startsWith("sha256:9f86d081");
        assertThat(event.groupId()).isEqualTo("release-88");
        assertThat(event.remediates()).isEqualTo("checkout@2.4.0");
        assertThat(event.statedKind()).isEqualTo(DeploymentKind.FORWARD);
        assertThat(event.planned()).isFalse();
        assertThat(event.header().source()).isEqualTo(SOURCE);
        assertThat(event.header().tenant()).isEqualTo("default");
        assertThat(event.header().delivery()).isEqualTo(Deliveries.ID);
        assertThat(event.header().occurredAt()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(event.header().receivedAt()).isEqualTo(RECEIVED_AT);
    }

    @Test
    void emptyAndNullOptionsAreAbsent() {
        DeploymentObserved event = deployment("deployment_started_with_empty_options");

        assertThat(event.version()).isNull();
        assertThat(event.sha()).isNull();
        assertThat(event.startedAt()).isNull();
    }

    @Test
    void ownCommitIsReadWithItsParents() {
        CommitRecorded merge = (CommitRecorded) only(adapt("commit_with_two_parents"));
        CommitRecorded root = (CommitRecorded) only(adapt("commit_root"));
        CommitRecorded unknown = (CommitRecorded) only(adapt("commit_parents_unknown"));

        assertThat(merge.sha()).isEqualTo(SHA1);
        assertThat(merge.repository()).isEqualTo("acme/checkout");
        assertThat(merge.parents()).containsExactly(SHA0, SHA2);
        assertThat(merge.parentage()).isEqualTo(Parentage.EXPLICIT);
        assertThat(merge.authoredAt()).isEqualTo("2026-02-27T08:15:30Z");
        assertThat(merge.committedAt()).isEqualTo("2026-02-27T09:00:00Z");
        assertThat(root.parents()).isEmpty();
        assertThat(root.parentage()).isEqualTo(Parentage.EXPLICIT);
        assertThat(unknown.parentage()).isEqualTo(Parentage.UNKNOWN);
        assertThat(unknown.reverts()).containsExactly(SHA0);
        assertThat(unknown.cherryPickOf()).isEqualTo(SHA1);
    }

    @Test
    void serviceDeployedIsASuccess_namedByItsArtifact() {
        DeploymentObserved event = deployment("service_deployed_by_digest");

        assertThat(event.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(event.deploymentId()).isEqualTo(SOURCE + "/" + CONTEXT_ID);
        assertThat(event.service()).isEqualTo("checkout");
        assertThat(event.environment()).isEqualTo("production");
        assertThat(event.version()).isEqualTo("2.4.1");
        assertThat(event.digest()).startsWith("sha256:9f86d081");
        assertThat(event.statedKind()).isNull();
    }

    @Test
    void customDataSaysMoreThanTheArtifact() {
        DeploymentObserved event = deployment("service_upgraded_with_extras");
        DeploymentObserved contradicted = (DeploymentObserved) only(adapter.adapt(cloudEvent(changed(
                "service_upgraded_with_extras",
                body -> ((ObjectNode) body.at("/data/customData/sluice")).put("version", "stated")))));

        assertThat(event.deploymentId()).isEqualTo(SOURCE + "/run-990");
        assertThat(event.version()).isEqualTo("2.4.2");
        assertThat(event.sha()).isEqualTo(SHA2);
        assertThat(event.repository()).isEqualTo("acme/checkout");
        assertThat(event.startedAt()).isEqualTo("2026-03-01T11:58:00Z");
        assertThat(contradicted.version()).isEqualTo("stated");
    }

    @Test
    void serviceRolledBackIsAStatedRollback() {
        DeploymentObserved event = deployment("service_rolledback");

        assertThat(event.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(event.statedKind()).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(event.repository()).isEqualTo("acme/checkout");
        assertThat(event.sha()).isEqualTo(SHA0);
        assertThat(event.version()).isNull();
    }

    @Test
    void pipelineRunThatDeploysIsOneAttempt() {
        List<DeploymentObserved> states = Stream.of("queued", "started", "finished")
                .map(name -> deployment("pipelinerun_" + name + "_deployment"))
                .toList();

        assertThat(states).extracting(DeploymentObserved::deploymentId).containsOnly(SOURCE + "/run-991");
        assertThat(states)
                .extracting(DeploymentObserved::state)
                .containsExactly(DeploymentState.QUEUED, DeploymentState.STARTED, DeploymentState.FAILURE);
        assertThat(states).extracting(DeploymentObserved::rank).isSorted().doesNotHaveDuplicates();
        assertThat(states.get(1).startedAt()).isEqualTo("2026-03-01T12:01:00Z");
        assertThat(states).extracting(DeploymentObserved::version).containsOnly("2.5.0");
    }

    @Test
    void ownIncidentIsReadCompletely() {
        IncidentObserved event = incident("incident_complete");

        assertThat(event)
                .isEqualTo(new IncidentObserved(
                        event.header(),
                        MONITORING + "/INC-7",
                        "checkout",
                        "production",
                        IncidentState.RESOLVED,
                        2,
                        1,
                        Instant.parse("2026-03-01T11:20:00Z"),
                        Instant.parse("2026-03-01T11:58:30.500Z"),
                        "SEV2",
                        true,
                        List.of(SOURCE + "/4712", "checkout@2.4.1"),
                        "acme/checkout",
                        SHA1,
                        MONITORING + "/INC-6",
                        "Checkout answers with 502"));
        assertThat(event.header().source()).isEqualTo(MONITORING);
        assertThat(event.header().occurredAt()).isEqualTo("2026-03-01T12:00:00Z");
    }

    @Test
    void whatAnIncidentLeavesOutIsAbsent() {
        assertThat(incident("incident_minimal"))
                .isEqualTo(bare(incident("incident_minimal").header(), "INC-7", IncidentState.ACKNOWLEDGED));
        assertThat(incident("incident_with_empty_options"))
                .isEqualTo(bare(incident("incident_with_empty_options").header(), "INC-7", IncidentState.DETECTED));
        assertThat(incident("incident_caused_by_no_deployment").deployments()).isEmpty();
        assertThat(incident("incident_caused_by_no_deployment").changeCaused()).isFalse();
    }

    private static IncidentObserved bare(EventHeader header, String id, IncidentState state) {
        return new IncidentObserved(
                header,
                MONITORING + "/" + id,
                null,
                null,
                state,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void incidentDetectedAndReportedHaveBegun_andResolvedIsOver() {
        IncidentObserved detected = incident("incident_detected");
        IncidentObserved reported = incident("incident_reported");
        IncidentObserved resolved = incident("incident_resolved_with_extras");

        assertThat(List.of(detected, reported, resolved))
                .extracting(IncidentObserved::incidentId)
                .containsOnly(MONITORING + "/INC-8");
        assertThat(List.of(detected, reported, resolved))
                .extracting(IncidentObserved::state)
                .containsExactly(IncidentState.DETECTED, IncidentState.ACKNOWLEDGED, IncidentState.RESOLVED);
        assertThat(detected.service()).isEqualTo("checkout");
        assertThat(detected.environment()).isEqualTo("production");
        assertThat(detected.title()).isEqualTo("Response time above 300 ms");
        assertThat(detected.startedAt()).isNull();
        assertThat(reported.severity()).isEqualTo("SEV2");
        assertThat(reported.changeCaused()).isFalse();
        assertThat(Incident.of(List.of(resolved, detected)).resolvedAt()).isEqualTo("2026-03-01T11:58:00Z");
    }

    @Test
    void extrasOfAnIncidentAreReadCompletely() {
        IncidentObserved event = incident("incident_resolved_with_extras");

        assertThat(event)
                .isEqualTo(new IncidentObserved(
                        event.header(),
                        MONITORING + "/INC-8",
                        "checkout",
                        "production",
                        IncidentState.RESOLVED,
                        1,
                        2,
                        Instant.parse("2026-03-01T11:20:00Z"),
                        Instant.parse("2026-03-01T11:58:00Z"),
                        "SEV2",
                        true,
                        List.of(SOURCE + "/4712"),
                        "acme/checkout",
                        SHA1,
                        null,
                        "Checkout is slow"));
    }

    @Test
    void resolutionAtTheMomentOfTheDetection_isTheEnd() {
        IncidentObserved detected = incident("incident_detected");
        IncidentObserved resolved = (IncidentObserved) only(adapter.adapt(cloudEvent(changed(
                "incident_detected", body -> retyped(body, "dev.cdevents.incident.resolved.0.3.0", "another")))));

        assertThat(resolved.header().occurredAt()).isEqualTo(detected.header().occurredAt());
        assertThat(resolved.rank()).isGreaterThan(detected.rank());
        assertThat(Incident.of(List.of(resolved, detected)).resolvedAt())
                .isEqualTo(detected.header().occurredAt());
    }

    @Test
    void descriptionOfTheEndIsNotTheTitle() {
        IncidentObserved resolved = (IncidentObserved) only(adapter.adapt(cloudEvent(changed(
                "incident_detected", body -> retyped(body, "dev.cdevents.incident.resolved.0.3.0", "another")))));

        assertThat(resolved.title()).isNull();
    }

    @Test
    void duplicateOfAnotherIncidentIsMerged() {
        IncidentObserved event = incident("incident_resolved_as_a_duplicate");

        assertThat(event.state()).isEqualTo(IncidentState.MERGED);
        assertThat(event.mergedInto()).isEqualTo(MONITORING + "/INC-8");
    }

    @Test
    void serviceOfAnIncidentIsStated_orAnObject_orAName() {
        byte[] stated = changed(
                "incident_detected",
                body -> ((ObjectNode) body.at("/data"))
                        .putObject("customData")
                        .putObject("sluice")
                        .put("service", "payments"));
        byte[] unnamed =
                changed("incident_detected", body -> ((ObjectNode) body.at("/data/subject/content")).remove("service"));

        assertThat(incident("incident_detected_of_a_named_service").service()).isEqualTo("checkout");
        assertThat(((IncidentObserved) only(adapter.adapt(cloudEvent(stated)))).service())
                .isEqualTo("payments");
        assertThat(((IncidentObserved) only(adapter.adapt(cloudEvent(unnamed)))).service())
                .isNull();
    }

    @Test
    void longDescriptionIsCut_andNoSurrogatePairWithIt() {
        String pair = "\uD83D\uDE00";
        byte[] body = changed(
                "incident_detected",
                event -> ((ObjectNode) event.at("/data/subject/content"))
                        .put("description", "x".repeat(1_023) + pair + pair));

        assertThat(((IncidentObserved) only(adapter.adapt(cloudEvent(body)))).title())
                .isEqualTo("x".repeat(1_023));
    }

    @ParameterizedTest
    @CsvSource({
        "incident_complete,             /data/subject/content/startedAt",
        "incident_complete,             /data/subject/content/resolvedAt",
        "incident_resolved_with_extras, /data/customData/sluice/startedAt",
        "incident_resolved_with_extras, /data/customData/sluice/resolvedAt"
    })
    void refusesAnIncidentThatBeginsOrEndsInTheFuture(String name, String pointer) {
        String parent = pointer.substring(0, pointer.lastIndexOf('/'));
        String field = pointer.substring(pointer.lastIndexOf('/') + 1);
        byte[] body = changed(
                name,
                event -> ((ObjectNode) event.at(parent))
                        .put(field, RECEIVED_AT.plusSeconds(301).toString()));

        assertThat(Summary.of(adapter.adapt(cloudEvent(body)))).isEqualTo("MALFORMED FUTURE_DATED " + pointer);
    }

    @Test
    void ownPullRequestIsReadCompletely() {
        PullRequestObserved event = pullRequest("pullrequest_complete");

        assertThat(event)
                .isEqualTo(new PullRequestObserved(
                        event.header(),
                        "acme/checkout",
                        "1204",
                        PullRequestState.MERGED,
                        1,
                        true,
                        COMMITS,
                        Instant.parse("2026-02-26T16:40:00Z"),
                        SHA2,
                        SHA1,
                        "1201",
                        "Retry payments once"));
        assertThat(pullRequest("pullrequest_minimal").commits()).isNull();
        assertThat(pullRequest("pullrequest_with_empty_options"))
                .isEqualTo(new PullRequestObserved(
                        pullRequest("pullrequest_with_empty_options").header(),
                        "acme/checkout",
                        "1204",
                        PullRequestState.READY,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    @Test
    void changesArePullRequests() {
        PullRequestObserved merged = pullRequest("change_merged_with_extras");

        assertThat(merged)
                .isEqualTo(new PullRequestObserved(
                        merged.header(),
                        "acme/checkout",
                        "1204",
                        PullRequestState.MERGED,
                        1,
                        false,
                        COMMITS,
                        Instant.parse("2026-02-26T16:40:00Z"),
                        SHA2,
                        SHA1,
                        "1201",
                        "Retry payments once"));
        assertThat(pullRequest("change_created").state()).isEqualTo(PullRequestState.OPENED);
        assertThat(pullRequest("change_created").draft()).isTrue();
        assertThat(pullRequest("change_created").title()).isEqualTo("Retry payments once");
        assertThat(pullRequest("change_reviewed").state()).isEqualTo(PullRequestState.REVIEWED);
        assertThat(pullRequest("change_abandoned_in_a_named_repository").state())
                .isEqualTo(PullRequestState.CLOSED);
        assertThat(pullRequest("change_abandoned_in_a_named_repository").repository())
                .isEqualTo("acme/checkout");
    }

    @Test
    void ownDriftCheckIsReadCompletely() {
        DriftChecked event = drift("drift_complete");
        DriftChecked minimal = drift("drift_minimal");

        assertThat(event)
                .isEqualTo(new DriftChecked(
                        event.header(),
                        "https://iac.acme.example/run-8841",
                        "checkout",
                        "production",
                        "terraform/checkout",
                        true,
                        "sha256:6c7e4e1c",
                        Duration.ofHours(1),
                        1,
                        false));
        assertThat(minimal.drifted()).isFalse();
        assertThat(minimal.interval()).isNull();
        assertThat(drift("drift_deleted").deleted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "success, SUCCESS",
        "Success, SUCCESS",
        "failure, FAILURE",
        "ERROR, FAILURE",
        "cancel, CANCELLED",
        "canceled, CANCELLED",
        "CANCELLED, CANCELLED",
        "Aborted, CANCELLED"
    })
    void everyOutcomeOfAPipelineHasAMeaning(String outcome, DeploymentState expected) {
        byte[] body = changed(
                "pipelinerun_finished_deployment",
                event -> ((ObjectNode) event.at("/data/subject/content")).put("outcome", outcome));

        assertThat(((DeploymentObserved) only(adapter.adapt(cloudEvent(body)))).state())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service_deployed_of_version_0_4     | service_deployed_by_digest",
                "commit_of_version_0_4               | commit_root",
                "pipelinerun_started_of_version_0_3  | pipelinerun_started_deployment",
                "incident_of_version_0_4             | incident_complete",
                "incident_detected_of_version_0_4    | incident_detected",
                "pullrequest_of_version_0_4          | pullrequest_complete",
                "change_created_of_version_0_4       | change_created",
                "drift_of_version_0_4                | drift_complete"
            })
    void eventOfAnOlderVersionMeansTheSame(String older, String current) {
        assertThat(only(adapt(older))).isEqualTo(only(adapt(current)));
    }

    @Test
    void olderEventIsTrustedOverItsEnvelope() {
        DeploymentObserved event = deployment("pipelinerun_finished_of_version_0_1");
        byte[] again = changed(
                "pipelinerun_finished_of_version_0_1",
                body -> body.put("id", "resent").put("time", "2026-03-01T12:30:00Z"));

        assertThat(event.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(event.deploymentId()).isEqualTo(SOURCE + "/run-991");
        assertThat(event.header().occurredAt()).isEqualTo("2026-03-01T12:09:00Z");
        assertThat(only(adapter.adapt(cloudEvent(again)))).isEqualTo(event);
        assertThat(deployment("pipelinerun_finished_of_version_0_3").state()).isEqualTo(DeploymentState.FAILURE);
    }

    @ParameterizedTest
    @CsvSource({
        "version,     0.0.9",
        "version,     0.5.1",
        "version,     0.10.0",
        "version,     1.0.0",
        "specversion, 0.4.1",
        "specversion, 0.6.0-draft"
    })
    void refusesOtherVersions(String field, String version) {
        byte[] body = changed("service_deployed_of_version_0_4", event -> {
            ((ObjectNode) event.at("/data/context")).remove("version");
            ((ObjectNode) event.at("/data/context")).put(field, version);
        });

        assertThat(Summary.of(adapter.adapt(cloudEvent(body))))
                .isEqualTo("MALFORMED UNSUPPORTED_VERSION /data/context/" + field);
    }

    @ParameterizedTest
    @CsvSource({
        "pipelinerun_finished_build_only, PIPELINE_WITHOUT_DEPLOYMENT",
        "change_merged_without_repository, CHANGE_WITHOUT_REPOSITORY",
        "cdevent_of_unused_type,          UNUSED_EVENT",
        "custom_event_of_another_tool,    UNUSED_EVENT",
        "cloudevent_of_another_world,     UNKNOWN_EVENT"
    })
    void ignoresWhatConcernsNoMetric(String name, Reason reason) {
        assertThat(Summary.of(adapt(name))).isEqualTo("IGNORED " + reason);
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void refusesInvalidExampleWhereTheSchemaDoes(String name) throws IOException {
        Path folder = Deliveries.examples().resolve("invalid");
        String pointer = Files.readAllLines(folder.resolve(name + ".expected")).get(0);

        Outcome outcome = adapter.adapt(cloudEvent(Files.readAllBytes(folder.resolve(name + ".json"))));

        assertThat(Summary.of(outcome))
                .isEqualTo("MALFORMED "
                        + (name.startsWith("cdevent_of_version") ? "UNSUPPORTED_VERSION " : "INVALID_EVENT ")
                        + pointer);
    }

    @Test
    void firstOfSeveralViolationsIsNamedAndTheOthersCounted() throws IOException {
        Path file = Deliveries.examples().resolve("invalid/deployment_without_service_and_state.json");

        assertThat(adapter.adapt(cloudEvent(Files.readAllBytes(file))))
                .isEqualTo(new Outcome.Malformed(
                        Reason.INVALID_EVENT,
                        "The field service is required. And 1 more.",
                        "/data/subject/content/service"));
    }

    @ParameterizedTest
    @MethodSource("ownExamples")
    void ownExampleTravelsUnchanged(String name) {
        DeliveryEvent event = only(adapt(name));

        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
    }

    @Test
    void sameEventSentTwiceHasTheSameId_whateverItsEnvelopeSays() {
        byte[] again =
                changed("deployment_minimal", body -> body.put("id", "other").put("time", "2026-03-01T12:00:07Z"));
        byte[] other =
                changed("deployment_minimal", body -> ((ObjectNode) body.at("/data/context")).put("id", "other"));

        String id = only(adapt("deployment_minimal")).header().id();

        assertThat(only(adapter.adapt(cloudEvent(again))).header().id()).isEqualTo(id);
        assertThat(only(adapter.adapt(cloudEvent(other))).header().id()).isNotEqualTo(id);
        // Stored ids are compared with derived ones: this one must never change.
        assertThat(id).isEqualTo("e0714d11-a8df-5e4a-baa1-f43d44939f99");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deployment_minimal",
                "commit_root",
                "service_deployed_by_digest",
                "pipelinerun_queued_deployment",
                "incident_minimal",
                "incident_detected",
                "pullrequest_minimal",
                "change_created",
                "drift_minimal"
            })
    void refusesEventsOfTheFuture(String name) {
        assertThat(Summary.of(at(name, RECEIVED_AT.plusSeconds(300)))).doesNotContain("MALFORMED");
        assertThat(Summary.of(at(name, RECEIVED_AT.plusSeconds(301))))
                .isEqualTo("MALFORMED FUTURE_DATED /data/context/timestamp");
    }

    @Test
    void timesAreKeptInMilliseconds() {
        byte[] body = changed("deployment_complete", event -> {
            ((ObjectNode) event.at("/data/context")).put("timestamp", "2026-03-01T13:00:00.123456789+01:00");
            ((ObjectNode) event.at("/data/subject/content")).put("startedAt", "2026-03-01T11:59:00.999999Z");
        });

        DeploymentObserved event = (DeploymentObserved) only(adapter.adapt(cloudEvent(body)));

        assertThat(event.header().occurredAt()).isEqualTo("2026-03-01T12:00:00.123Z");
        assertThat(event.startedAt()).isEqualTo("2026-03-01T11:59:00.999Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pullrequest_complete", "change_merged_with_extras"})
    void timesOfAPullRequestAreKeptInMilliseconds(String name) {
        String extras = name.startsWith("change_") ? "/data/customData/sluice" : "/data/subject/content";
        byte[] body = changed(name, event -> {
            ((ObjectNode) event.at(extras)).put("firstCommitAt", "2026-02-26T17:40:00.123456789+01:00");
            ((ObjectNode) event.at(extras + "/commits/0")).put("authoredAt", "2026-02-26T16:40:00.999999Z");
        });

        PullRequestObserved event = (PullRequestObserved) only(adapter.adapt(cloudEvent(body)));

        assertThat(event.firstCommitAt()).isEqualTo("2026-02-26T16:40:00.123Z");
        assertThat(event.commits())
                .first()
                .extracting(PullRequestObserved.Commit::authoredAt)
                .isEqualTo(Instant.parse("2026-02-26T16:40:00.999Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"incident_complete", "incident_resolved_with_extras"})
    void timesOfAnIncidentAreKeptInMilliseconds(String name) {
        String extras = name.endsWith("extras") ? "/data/customData/sluice" : "/data/subject/content";
        byte[] body = changed(
                name, event -> ((ObjectNode) event.at(extras)).put("startedAt", "2026-03-01T12:20:00.123456789+01:00"));

        assertThat(((IncidentObserved) only(adapter.adapt(cloudEvent(body)))).startedAt())
                .isEqualTo("2026-03-01T11:20:00.123Z");
    }

    @ParameterizedTest
    @CsvSource({
        "commit_root,                   /data/subject/content/authoredAt",
        "incident_complete,             /data/subject/content/startedAt",
        "pullrequest_complete,          /data/subject/content/firstCommitAt",
        "pullrequest_complete,          /data/subject/content/commits/1/authoredAt",
        "change_merged_with_extras,     /data/customData/sluice/commits/1/authoredAt"
    })
    void refusesTimesThatLaterStagesCannotHold(String name, String pointer) {
        byte[] body = changed(
                name,
                event -> ((ObjectNode) event.at(pointer.substring(0, pointer.lastIndexOf('/'))))
                        .put(pointer.substring(pointer.lastIndexOf('/') + 1), "0001-01-01T00:00:00Z"));

        assertThat(Summary.of(adapter.adapt(cloudEvent(body)))).isEqualTo("MALFORMED TIME_OUT_OF_RANGE " + pointer);
    }

    @Test
    void refusesWhatOnlyTheDomainCanSee() {
        byte[] ownParent = changed(
                "commit_root",
                event -> ((ObjectNode) event.at("/data/subject/content"))
                        .putArray("parents")
                        .add(SHA0));

        assertThat(Summary.of(adapter.adapt(cloudEvent(ownParent))))
                .isEqualTo("MALFORMED WRONG_VALUE /data/subject/content");
    }

    @Test
    void refusesTextsThatCannotBeWrittenAsUtf8() {
        String body = new String(example("deployment_complete"), StandardCharsets.UTF_8)
                .replace("\"2.4.1\"", "\"2.4.1\\ud83d\"");

        assertThat(Summary.of(adapter.adapt(cloudEvent(bytes(body)))))
                .isEqualTo("MALFORMED WRONG_VALUE /data/subject/content/version");
    }

    @Test
    void customDataMayBeSomethingElseEncoded() {
        byte[] body = changed(
                "service_deployed_by_digest",
                event -> ((ObjectNode) event.get("data")).put("customData", "eyJhIjoxfQ=="));

        assertThat(((DeploymentObserved) only(adapter.adapt(cloudEvent(body)))).version())
                .isEqualTo("2.4.1");
    }

    @Test
    void connectionSelectsEnvironments() {
        var staging = new CdEventsAdapter(connection -> new ConnectionMapping(Map.of(), Set.of("staging")));

        assertThat(Summary.of(staging.adapt(cloudEvent(example("deployment_minimal")))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
        assertThat(Summary.of(staging.adapt(cloudEvent(example("deployment_started_with_empty_options")))))
                .startsWith("STARTED ");
        assertThat(Summary.of(staging.adapt(cloudEvent(example("incident_complete")))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
        assertThat(Summary.of(staging.adapt(cloudEvent(example("incident_detected")))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
        assertThat(Summary.of(staging.adapt(cloudEvent(example("drift_minimal")))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
        assertThat(Summary.of(staging.adapt(cloudEvent(changed(
                        "incident_detected",
                        event -> ((ObjectNode) event.at("/data/subject/content/environment")).put("id", "staging"))))))
                .startsWith("incident DETECTED ");
    }

    @Test
    void whatNamesNoEnvironmentIsTakenWhicheverAreSelected() {
        var staging = new CdEventsAdapter(connection -> new ConnectionMapping(Map.of(), Set.of("staging")));

        assertThat(Summary.of(staging.adapt(cloudEvent(example("incident_minimal")))))
                .startsWith("incident ACKNOWLEDGED ");
        assertThat(Summary.of(staging.adapt(cloudEvent(example("pullrequest_minimal")))))
                .startsWith("pull request OPENED ");
    }

    static List<String> ownExamples() throws IOException {
        List<String> names = names("valid").stream()
                .filter(name -> OWN.matcher(name).lookingAt())
                .toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(20);
        return names;
    }

    static List<String> invalidExamples() throws IOException {
        return names("invalid");
    }

    private static List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Deliveries.examples().resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private Outcome at(String name, Instant time) {
        return adapter.adapt(cloudEvent(
                changed(name, event -> ((ObjectNode) event.at("/data/context")).put("timestamp", time.toString()))));
    }

    private Outcome adapt(String name) {
        return adapter.adapt(cloudEvent(example(name)));
    }

    private static void retyped(ObjectNode event, String type, String id) {
        event.put("type", type);
        ((ObjectNode) event.at("/data/context")).put("type", type).put("id", id);
    }

    private IncidentObserved incident(String name) {
        return (IncidentObserved) only(adapt(name));
    }

    private PullRequestObserved pullRequest(String name) {
        return (PullRequestObserved) only(adapt(name));
    }

    private DriftChecked drift(String name) {
        return (DriftChecked) only(adapt(name));
    }

    private DeploymentObserved deployment(String name) {
        return (DeploymentObserved) only(adapt(name));
    }

    private static DeliveryEvent only(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        List<DeliveryEvent> events = ((Outcome.Events) outcome).events();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static byte[] example(String name) {
        try {
            return Files.readAllBytes(Deliveries.examples().resolve("valid").resolve(name + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] changed(String name, Consumer<ObjectNode> change) {
        try {
            JsonNode body = Json.mapper().readTree(example(name));
            change.accept((ObjectNode) body);
            return Json.bytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
