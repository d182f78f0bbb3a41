package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.delivery.ServiceDescribed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final Instant OCCURRED = Instant.parse("2025-03-03T12:00:00.123456789Z");
    private static final Instant RECEIVED = Instant.parse("2025-03-03T12:00:02.5Z");
    private static final EventHeader HEADER =
            new EventHeader("0b2c", "t\u00e9nant/1", "https://ci.example.com", "d-3-417", OCCURRED, RECEIVED);

    private static final CommitRecorded COMMIT = new CommitRecorded(
            HEADER,
            "acme/shop",
            "6dcb09b5",
            List.of("aaaa", "bbbb"),
            Parentage.EXPLICIT,
            OCCURRED.minusSeconds(60),
            OCCURRED.minusSeconds(30),
            List.of("cccc", "dddd"),
            "eeee");

    private static final DeploymentObserved DEPLOYMENT = new DeploymentObserved(
            HEADER,
            "github/42",
            "shop",
            "eu/production",
            DeploymentState.SUCCESS,
            7_000_000_000L,
            3,
            OCCURRED.minusSeconds(120),
            OCCURRED.minusSeconds(90),
            "v2.4.1",
            "acme/shop",
            "6dcb09b5",
            "sha256:9f86d0",
            "pipeline-7",
            "shop@v2.4.0",
            DeploymentKind.ROLLBACK,
            false,
            true);

    private static final IncidentObserved INCIDENT = new IncidentObserved(
            HEADER,
            "pager/INC-7",
            "shop",
            "eu/production",
            IncidentState.RESOLVED,
            7_000_000_000L,
            2,
            OCCURRED.minusSeconds(3_600),
            OCCURRED.minusSeconds(60),
            "SEV2",
            false,
            List.of("github/42", "shop@v2.4.0"),
            "acme/shop",
            "6dcb09b5",
            "pager/INC-6",
            "Checkout answers with 502");

    private static final PullRequestObserved PULL_REQUEST = new PullRequestObserved(
            HEADER,
            "acme/shop",
            "1204",
            PullRequestState.MERGED,
            7_000_000_000L,
            true,
            List.of(
                    new PullRequestObserved.Commit("aaaa", OCCURRED.minusSeconds(7_200)),
                    new PullRequestObserved.Commit("bbbb", OCCURRED.minusSeconds(3_600))),
            OCCURRED.minusSeconds(7_200),
            "bbbb",
            "6dcb09b5",
            "1201",
            "Retry payments once");

    private static final DriftChecked DRIFT = new DriftChecked(
            HEADER,
            "terraform/run-8841",
            "shop",
            "eu/production",
            "terraform/shop",
            true,
            "sha256:6c7e4e",
            Duration.ofHours(1),
            7_000_000_000L,
            true);

    private static final ServiceDescribed SERVICE =
            new ServiceDescribed(HEADER, "shop", ZoneId.of("Europe/Berlin"), Duration.ofHours(24), 3, true);

    private static final CatalogueAssigned ASSIGNMENT = new CatalogueAssigned(
            HEADER, CatalogueKind.SERVICE_TEAM, "shop", "payments", LocalDate.of(2026, 3, 1), 7, true);

    private static CommitRecorded commit(Parentage parentage, List<String> parents) {
        return new CommitRecorded(HEADER, "acme/shop", "6dcb09b5", parents, parentage, OCCURRED, null, List.of(), null);
    }

    private static DeploymentObserved deployment(
            DeploymentState state, @Nullable DeploymentKind kind, @Nullable String repository) {
        return new DeploymentObserved(
                HEADER,
                "github/42",
                "shop",
                "production",
                state,
                0,
                0,
                null,
                null,
                null,
                repository,
                null,
                null,
                null,
                null,
                kind,
                null,
                null);
    }

    private static IncidentObserved incident(IncidentState state, @Nullable List<String> deployments) {
        return new IncidentObserved(
                HEADER,
                "pager/INC-7",
                null,
                null,
                state,
                0,
                0,
                null,
                null,
                null,
                null,
                deployments,
                null,
                null,
                null,
                null);
    }

    private static PullRequestObserved pullRequest(
            PullRequestState state, @Nullable List<PullRequestObserved.Commit> commits) {
        return new PullRequestObserved(
                HEADER, "acme/shop", "1204", state, 0, null, commits, null, null, null, null, null);
    }

    private static DriftChecked drift(boolean drifted) {
        return new DriftChecked(
                HEADER, "terraform/run-8841", "shop", "production", "terraform/shop", drifted, null, null, 0, false);
    }

    static Stream<DeliveryEvent> events() {
        return Stream.of(
                COMMIT,
                new CommitRecorded(
                        HEADER,
                        "acme/mono",
                        "6dcb09b5",
                        List.of(),
                        Parentage.EXPLICIT,
                        OCCURRED,
                        null,
                        List.of(),
                        null,
                        List.of("checkout")),
                commit(Parentage.UNKNOWN, List.of()),
                commit(Parentage.INFERRED, List.of("aaaa")),
                commit(Parentage.INFERRED, List.of()),
                commit(Parentage.EXPLICIT, List.of()),
                DEPLOYMENT,
                deployment(DeploymentState.QUEUED, null, null),
                INCIDENT,
                incident(IncidentState.DETECTED, null),
                incident(IncidentState.AMENDED, List.of()),
                PULL_REQUEST,
                pullRequest(PullRequestState.OPENED, null),
                pullRequest(PullRequestState.OPENED, List.of()),
                DRIFT,
                drift(false),
                SERVICE,
                new ServiceDescribed(HEADER, "shop", null, null, 0, false),
                ASSIGNMENT,
                new CatalogueAssigned(
                        HEADER,
                        CatalogueKind.ENVIRONMENT_CLASS,
                        "eu",
                        "PRODUCTION",
                        LocalDate.of(1970, 1, 2),
                        0,
                        false),
                new CatalogueAssigned(
                        HEADER, CatalogueKind.TEAM_GROUP, "payments", null, LocalDate.of(2148, 12, 31), 0, false));
    }

    @ParameterizedTest
    @MethodSource("events")
    void readsWhatItWrote(DeliveryEvent event) {
        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
    }

    @ParameterizedTest
    @EnumSource(DeploymentState.class)
    void readsEveryState(DeploymentState state) throws IOException {
        DeploymentObserved event = deployment(state, null, null);

        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
        writesWhatTheSchemasAccept(event);
    }

    @ParameterizedTest
    @EnumSource(IncidentState.class)
    void readsEveryStateOfAnIncident(IncidentState state) throws IOException {
        IncidentObserved event = incident(state, null);

        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
        writesWhatTheSchemasAccept(event);
    }

    @ParameterizedTest
    @EnumSource(PullRequestState.class)
    void readsEveryStateOfAPullRequest(PullRequestState state) throws IOException {
        PullRequestObserved event = pullRequest(state, null);

        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
        writesWhatTheSchemasAccept(event);
    }

    @ParameterizedTest
    @EnumSource(DeploymentKind.class)
    void readsEveryKind(DeploymentKind kind) {
        DeploymentObserved event = deployment(DeploymentState.SUCCESS, kind, null);

        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("events")
    void writesWhatTheSchemasAccept(DeliveryEvent event) throws IOException {
        JsonNode json = Json.mapper().readTree(EventCodec.encode(event));

        assertThat(EventSchemas.load().validate(json)).isEmpty();
    }

    @Test
    void writesAStructuredCloudEventThatHoldsACdEvent() throws IOException {
        JsonNode json = Json.mapper().readTree(EventCodec.encode(DEPLOYMENT));

        assertThat(json.at("/specversion").textValue()).isEqualTo("1.0");
        assertThat(json.at("/type").textValue()).isEqualTo("dev.cdeventsx.sluice-deployment.observed.0.1.0");
        assertThat(json.at("/time").textValue()).isEqualTo("2025-03-03T12:00:00.123456789Z");
        assertThat(json.at("/sluicetenant").textValue()).isEqualTo("t\u00e9nant/1");
        assertThat(json.at("/data/context/specversion").textValue()).isEqualTo("0.5.1");
        assertThat(json.at("/data/context/type")).isEqualTo(json.at("/type"));
        assertThat(json.at("/data/context/id")).isEqualTo(json.at("/id"));
        assertThat(json.at("/data/subject/id").textValue()).isEqualTo("github/42");
        assertThat(json.at("/data/subject/content/state").textValue()).isEqualTo("success");
    }

    @Test
    void readsTimesWithAnOffset() {
        ObjectNode json = json(DEPLOYMENT);
        json.put("time", "2025-03-03T14:00:00+02:00");

        assertThat(decode(json).header().occurredAt()).isEqualTo(Instant.parse("2025-03-03T12:00:00Z"));
    }

    @Test
    void parentsWithoutParentageAreExplicit() {
        ObjectNode json = json(COMMIT);
        ((ObjectNode) json.at("/data/subject/content")).remove("parentage");

        assertThat(decode(json)).isEqualTo(COMMIT);
    }

    @Test
    void neitherParentsNorParentageAreUnknown() {
        ObjectNode json = json(COMMIT);
        ((ObjectNode) json.at("/data/subject/content")).remove(List.of("parentage", "parents"));

        assertThat(((CommitRecorded) decode(json)).parentage()).isEqualTo(Parentage.UNKNOWN);
    }

    // ---- keys

    @Test
    void eventsOfOneRepositoryShareAKey() {
        assertThat(EventCodec.key(DEPLOYMENT))
                .isEqualTo(EventCodec.key(COMMIT))
                .isEqualTo("t\u00e9nant%2F1/acme%2Fshop");
    }

    @Test
    void serviceIsTheKey_whereNoRepositoryIsNamed() {
        assertThat(EventCodec.key(deployment(DeploymentState.SUCCESS, null, null)))
                .isEqualTo("t\u00e9nant%2F1/shop");
    }

    @Test
    void incidentsPullRequestsAndDriftChecksHaveKeysOfTheirOwn() {
        assertThat(EventCodec.key(INCIDENT)).isEqualTo("t\u00e9nant%2F1/pager%2FINC-7");
        assertThat(EventCodec.key(PULL_REQUEST)).isEqualTo("t\u00e9nant%2F1/acme%2Fshop");
        assertThat(EventCodec.key(DRIFT)).isEqualTo("t\u00e9nant%2F1/shop");
    }

    // ---- who corrected it

    @Test
    void noteOfACorrectionStandsBesideTheEvent_andIsNoPartOfIt() throws IOException {
        byte[] encoded = EventCodec.encode(INCIDENT, new CorrectionNote("ops/mia", "was the provider", "OPS-12"));

        JsonNode json = Json.mapper().readTree(encoded);
        assertThat(json.at("/data/customData/sluice/correction"))
                .hasToString("{\"principal\":\"ops/mia\",\"reason\":\"was the provider\",\"ticket\":\"OPS-12\"}");
        assertThat(EventSchemas.load().validate(json)).isEmpty();
        assertThat(EventCodec.decode(encoded)).isEqualTo(INCIDENT);
    }

    @Test
    void noteWithoutATicketHasNone_andAnEventWithoutANoteNoCustomData() {
        assertThat(Json.read(
                                EventCodec.encode(DRIFT, new CorrectionNote("ops/mia", "false alarm", null)),
                                JsonNode.class)
                        .at("/data/customData/sluice/correction"))
                .hasToString("{\"principal\":\"ops/mia\",\"reason\":\"false alarm\"}");
        assertThat(json(DRIFT).at("/data/customData").isMissingNode()).isTrue();
    }

    // ---- what is malformed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/id",
                "/source",
                "/type",
                "/time",
                "/sluicetenant",
                "/sluicedelivery",
                "/sluicereceivedat",
                "/data/subject/id",
                "/data/subject/content/service",
                "/data/subject/content/environment",
                "/data/subject/content/state",
            })
    void pointsToARequiredFieldOfADeployment(String pointer) {
        assertPointsTo(pointer, without(json(DEPLOYMENT), pointer));
        assertPointsTo(pointer, with(json(DEPLOYMENT), pointer, "12"));
        assertPointsTo(pointer, with(json(DEPLOYMENT), pointer, "\"\""));
        assertPointsTo(pointer, with(json(DEPLOYMENT), pointer, "null"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/subject/id",
                "/data/subject/content/repository",
                "/data/subject/content/authoredAt",
            })
    void pointsToARequiredFieldOfACommit(String pointer) {
        assertPointsTo(pointer, without(json(COMMIT), pointer));
        assertPointsTo(pointer, with(json(COMMIT), pointer, "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/time | \"yesterday\"",
                "/time | \"2025-03-03T12:00:00\"",
                "/sluicereceivedat | \"2025-02-30T12:00:00Z\"",
                "/type | \"dev.cdevents.service.deployed.0.2.0\"",
                "/data/subject/content/state | \"done\"",
                "/data/subject/content/kind | \"sideways\"",
                "/data/subject/content/queuedAt | \"12:00\"",
                "/data/subject/content/startedAt | \"2025-03-03\"",
            })
    void pointsToAWrongValueOfADeployment(String pointer, String value) {
        assertPointsTo(pointer, with(json(DEPLOYMENT), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/authoredAt | \"noon\"",
                "/data/subject/content/committedAt | \"noon\"",
                "/data/subject/content/parentage | \"adopted\"",
                "/data/subject/content/parents | [\"aaaa\", 7]",
                "/data/subject/content/reverts | [null]",
            })
    void pointsToAWrongValueOfACommit(String pointer, String value) {
        assertPointsTo(pointer, with(json(COMMIT), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/state | \"open\"",
                "/data/subject/content/startedAt | \"noon\"",
                "/data/subject/content/changeCaused | \"no\"",
                "/data/subject/content/deployments | \"github/42\"",
                "/data/subject/content/deployments | [7]",
                "/data/subject/content/title | 7",
            })
    void pointsToAWrongValueOfAnIncident(String pointer, String value) {
        assertPointsTo(pointer, with(json(INCIDENT), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/repository | null",
                "/data/subject/content/state | \"approved\"",
                "/data/subject/content/draft | 1",
                "/data/subject/content/commits | {}",
                "/data/subject/content/commits/1/authoredAt | \"noon\"",
                "/data/subject/content/firstCommitAt | \"noon\"",
            })
    void pointsToAWrongValueOfAPullRequest(String pointer, String value) {
        assertPointsTo(pointer, with(json(PULL_REQUEST), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/resource | \"\"",
                "/data/subject/content/drifted | \"yes\"",
                "/data/subject/content/intervalSeconds | 1.5",
                "/data/subject/content/deleted | 1",
            })
    void pointsToAWrongValueOfADriftCheck(String pointer, String value) {
        assertPointsTo(pointer, with(json(DRIFT), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/zone | \"Mars/Olympus\"",
                "/data/subject/content/zone | 60",
                "/data/subject/content/linkWindowSeconds | \"1d\"",
            })
    void pointsToAWrongValueOfAService(String pointer, String value) {
        assertPointsTo(pointer, with(json(SERVICE), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/kind | \"owner\"",
                "/data/subject/content/from | \"2026-02-30\"",
                "/data/subject/content/from | null",
                "/data/subject/content/value | 7",
            })
    void pointsToAWrongValueOfAnAssignment(String pointer, String value) {
        assertPointsTo(pointer, with(json(ASSIGNMENT), pointer, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/data/subject/content/revision | -1 | revision must not be negative: -1",
                "/data/subject/content/service | \" \" | service must not be empty",
            })
    void pointsToTheContent_whereTheDomainRefusesIt(String pointer, String value, String message) {
        assertThatThrownBy(() -> decode(with(json(DEPLOYMENT), pointer, value)))
                .isInstanceOfSatisfying(MalformedRecordException.class, e -> {
                    assertThat(e.pointer()).isEqualTo("/data/subject/content");
                    assertThat(e).hasMessage(message);
                });
    }

    @Test
    void refusesACommitThatIsItsOwnParent() {
        assertThatThrownBy(() -> decode(with(json(COMMIT), "/data/subject/content/parents", "[\"6dcb09b5\"]")))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("6dcb09b5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nothing", "{\"id\":\"1\",\"id\":\"2\"}"})
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> EventCodec.decode(text.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.pointer()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{}"})
    void refusesWhatIsNoEvent(String text) {
        assertThatThrownBy(() -> EventCodec.decode(text.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.pointer()).isEqualTo("/id"));
    }

    private static void assertPointsTo(String pointer, ObjectNode json) {
        assertThatThrownBy(() -> decode(json))
                .as("%s", json)
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.pointer()).isEqualTo(pointer));
    }

    private static ObjectNode json(DeliveryEvent event) {
        return Json.read(EventCodec.encode(event), ObjectNode.class);
    }

    private static DeliveryEvent decode(ObjectNode json) {
        return EventCodec.decode(json.toString().getBytes(UTF_8));
    }

    private static ObjectNode without(ObjectNode json, String pointer) {
        assertThat(parent(json, pointer).remove(name(pointer))).as(pointer).isNotNull();
        return json;
    }

    private static ObjectNode with(ObjectNode json, String pointer, String value) {
        parent(json, pointer).set(name(pointer), Json.read(value.getBytes(UTF_8), JsonNode.class));
        return json;
    }

    private static ObjectNode parent(ObjectNode json, String pointer) {
        return (ObjectNode) json.at(pointer.substring(0, pointer.lastIndexOf('/')));
    }

    private static String name(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }
}
