package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was deployed past the gates, how decisions turned out, and what a decision is made of, as the views tell it. */
class GatesIT {
    private static final Instant NOON = Instant.parse("2024-02-10T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /** How long a decision may be relied on. */
    private static final Duration TTL = Duration.ofMinutes(15);

    @TempDir
    private static Path directory;

    private static ClickHouseServer server;
    private static Probe probe;
    private static Store store;

    private long offset;

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        probe = new Probe(server.httpUrl());
        store = Store.of(ClickHouseSettings.at(server.httpUrl()));
        store.migrate();
        // expiry goes by the wall clock, these claims are of a fixed time
        probe.execute("ALTER TABLE sluice.claims REMOVE TTL");
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @BeforeEach
    void onlyWithAnEarlierDecisionOfAnotherVersion() {
        for (String table : List.of("deployments", "decisions", "claims")) {
            probe.execute("TRUNCATE TABLE sluice." + table);
        }
        decided("first", "v0", "allow", NOON.minus(DAY.multipliedBy(5)));
    }

    @Test
    void deploymentThatADecisionAllowed_isNoBypass() {
        decided("q1", "v1", "allow", NOON.minus(MINUTE));
        deployed("d1", "v1", NOON);

        assertThat(bypasses()).isEmpty();
        assertThat(standings()).extracting(JsonNode::textValue).containsExactly("allowed");
    }

    @Test
    void deploymentThatNobodyAskedFor_isWithout() {
        deployed("d1", "v1", NOON);

        JsonNode bypass = onlyBypass();
        assertThat(bypass.path("kind").textValue()).isEqualTo("without");
        assertThat(bypass.path("id").textValue()).isEqualTo("d1");
        assertThat(bypass.path("decision_id").isNull()).isTrue();
        assertThat(bypass.path("decided_at").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"deny", "error", "pending"})
    void deploymentWhoseLastDecisionDoesNotAllow_isAgainst(String outcome) {
        decided("q1", "v1", "allow", NOON.minus(HOUR.multipliedBy(3)));
        decided("q2", "v1", outcome, NOON.minus(MINUTE));
        deployed("d1", "v1", NOON);

        JsonNode bypass = onlyBypass();
        assertThat(bypass.path("kind").textValue()).isEqualTo("against");
        assertThat(bypass.path("decision_id").textValue()).isEqualTo("q2");
        assertThat(bypass.path("decision").textValue()).isEqualTo(outcome);
    }

    @Test
    void decisionHoldsFromItsMomentToAnHourAfterItExpires() {
        decided("q1", "v1", "allow", NOON);
        Instant end = NOON.plus(TTL).plus(HOUR);
        deployed("too-early", "v1", NOON.minusMillis(1));
        deployed("at-once", "v1", NOON);
        deployed("expired-by-less-than-an-hour", "v1", end.minusMillis(1));
        deployed("expired-by-an-hour", "v1", end);

        assertThat(bypasses())
                .extracting(GatesIT::id, GatesIT::kind)
                .containsExactly(tuple("expired-by-an-hour", "expired"), tuple("too-early", "without"));
    }

    @Test
    void decisionAfterTheStart_helpsNothing_thoughItIsOfAPendingOneOfBefore() {
        decided("q1", "v1", "pending", NOON.minus(MINUTE));
        decided("q1", "v1", "allow", NOON.plus(MINUTE));
        deployed("d1", "v1", NOON);
        deployed("d2", "v1", NOON.plus(MINUTE));

        assertThat(bypasses()).extracting(GatesIT::id, GatesIT::kind).containsExactly(tuple("d1", "without"));
    }

    @Test
    void rollbackNeedsADecisionOfItsOwn_unlessThatOfTheVersionStillHolds() {
        decided("q1", "v1", "allow", NOON);
        deployed("d1", "v1", NOON);
        decided("q2", "v2", "allow", NOON.plus(MINUTE));
        deployed("d2", "v2", NOON.plus(MINUTE));
        rolledBack("back-at-once", "v1", NOON.plus(HOUR));
        rolledBack("back-later", "v1", NOON.plus(DAY));
        decided("q3", "v1", "allow", NOON.plus(DAY).plus(HOUR));
        rolledBack("back-allowed", "v1", NOON.plus(DAY).plus(HOUR));

        JsonNode bypass = onlyBypass();
        assertThat(id(bypass)).isEqualTo("back-later");
        assertThat(kind(bypass)).isEqualTo("expired");
        assertThat(bypass.path("deployment_kind").textValue()).isEqualTo("ROLLBACK");
        assertThat(bypass.path("decision_id").textValue()).isEqualTo("q1");
    }

    @Test
    void decisionIsOfOneServiceAndOneEnvironment() {
        decided("q1", "v1", "allow", NOON.minus(MINUTE));
        insert(decision("q2", "v0", "allow", NOON.minus(DAY)).put("environment", "staging"));
        deployed("mine", "v1", NOON);
        insert(deployment("of-another-service", "v1", NOON).put("service", "search"));
        insert(deployment("in-another-environment", "v1", NOON).put("environment", "staging"));

        assertThat(bypasses())
                .extracting(GatesIT::id, GatesIT::kind)
                .containsExactly(tuple("in-another-environment", "without"), tuple("of-another-service", "without"));
    }

    @Test
    void tenantsDoNotSeeEachOther() {
        insert(decision("q1", "v1", "allow", NOON.minus(MINUTE)).put("tenant", "acme"));
        deployed("d1", "v1", NOON);
        insert(deployment("d1", "v2", NOON).put("tenant", "acme"));
        insert(deployment("d2", "v1", NOON).put("tenant", "acme"));
        insert(deployment("d1", "v1", NOON).put("tenant", "without-gates"));

        assertThat(bypasses()).extracting(GatesIT::id, GatesIT::kind).containsExactly(tuple("d1", "without"));
        assertThat(bypasses("acme")).extracting(GatesIT::id).containsExactly("d1");
        assertThat(bypasses("acme")).extracting(GatesIT::version).containsExactly("v2");
        assertThat(bypasses("without-gates")).isEmpty();
    }

    @Test
    void environmentIsGuardedFromItsFirstDecisionOn() {
        insert(decision("q1", "v9", "deny", NOON).put("environment", "staging"));
        insert(deployment("before", "v1", NOON.minusMillis(1)).put("environment", "staging"));
        insert(deployment("after", "v1", NOON).put("environment", "staging"));
        insert(deployment("never-guarded", "v1", NOON).put("environment", "test"));

        assertThat(bypasses()).extracting(GatesIT::id).containsExactly("after");
    }

    @Test
    void artifactIsTheSame_ifBothNameOneThingAndDifferInNone() {
        decidedOf("q1", "{\"version\":\"v1\",\"digest\":\"sha256:1\",\"commit\":null}", NOON.minus(MINUTE));
        decidedOf("q2", "{\"version\":null,\"digest\":null,\"commit\":\"abc\"}", NOON.minus(MINUTE));
        insert(deployment("by-digest", null, NOON).put("digest", "sha256:1"));
        insert(deployment("by-version", "v1", NOON));
        insert(deployment("other-digest", "v1", NOON).put("digest", "sha256:2"));
        insert(deployment("by-commit", "v7", NOON).put("sha", "abc"));
        insert(deployment("other-commit", "v7", NOON).put("sha", "abd"));
        insert(deployment("names-nothing", null, NOON));

        assertThat(bypasses())
                .extracting(GatesIT::id, GatesIT::kind)
                .containsExactly(
                        tuple("names-nothing", "without"),
                        tuple("other-commit", "without"),
                        tuple("other-digest", "without"));
    }

    @Test
    void decisionThatNamesNoArtifact_holdsForNoneInParticular_andIsSaid() {
        insert(decision("q1", null, "allow", NOON).putNull("artifact"));
        insert(decision("q2", null, "deny", NOON.plusMillis(1)).putNull("artifact"));
        Instant end = NOON.plus(TTL).plus(HOUR);
        deployed("d1", "v1", NOON.minusMillis(1));
        deployed("d2", "v1", NOON);
        deployed("d3", "v1", end.minusMillis(1));
        deployed("d4", "v1", end);
        insert(deployment("d5", null, NOON.plus(HOUR)));

        assertThat(bypasses())
                .extracting(
                        GatesIT::id,
                        GatesIT::kind,
                        row -> row.path("decision_id").textValue())
                .containsExactly(
                        tuple("d1", "without", null),
                        tuple("d2", "unnamed", "q1"),
                        tuple("d3", "unnamed", "q1"),
                        tuple("d4", "without", null),
                        tuple("d5", "unnamed", "q1"));
    }

    @Test
    void oneThatAllowsIsEnough_whateverIsSaidBesides() {
        decided("q1", "v1", "allow", NOON.minus(MINUTE.multipliedBy(3)));
        decided("q2", "v1", "deny", NOON.minus(MINUTE));
        decided("q3", "v2", "deny", NOON.minus(MINUTE.multipliedBy(3)));
        decided("q4", "v2", "allow", NOON.minus(MINUTE));
        deployed("d1", "v1", NOON);
        deployed("d2", "v2", NOON);

        assertThat(bypasses()).isEmpty();
    }

    @Test
    void onlySuccessesAreBypasses_byTheirStart_orFinishWhereThatIsNotKnown() {
        insert(deployment("failed", "v1", NOON).put("result", "FAILURE").put("fail_rate_counted", false));
        insert(deployment("harmful", "v1", NOON).put("result", "FAILURE"));
        insert(deployment("gone", "v1", NOON).put("deleted", true));
        insert(deployment("began-before", "v1", NOON.minusMillis(1)).put("finished_at", NOON.toString()));
        insert(deployment("began-in-time", "v1", NOON));
        insert(deployment("only-its-end", "v1", NOON).putNull("started_at").put("finished_at", NOON.toString()));
        insert(deployment("began-at-the-end", "v1", NOON.plus(HOUR)));

        assertThat(rows("dash.gate_bypasses", "default", NOON, NOON.plus(HOUR)))
                .extracting(GatesIT::id)
                .containsExactly("began-in-time", "only-its-end");
        assertThat(rows("dash.gate_deployments", "default", NOON, NOON.plus(HOUR)))
                .extracting(GatesIT::id)
                .containsExactly("began-in-time", "harmful", "only-its-end");
    }

    @Test
    void qualityIsTheShareOfThoseJudgedThatFailed_withItsIntervalFromFiveOn() {
        decided("q1", "v1", "allow", NOON);
        for (int i = 1; i <= 6; i++) {
            insert(deployment("allowed-" + i, "v1", NOON.plusSeconds(i)).put("failed", i <= 2));
        }
        insert(deployment("not-judged", "v1", NOON)
                .put("fail_rate_counted", false)
                .put("failed", false));
        insert(deployment("harmful", "v1", NOON).put("result", "FAILURE"));
        decided("q2", "v2", "deny", NOON);
        insert(deployment("denied", "v2", NOON).put("failed", false));
        insert(deployment("elsewhere", "v2", NOON).put("service", "search"));

        List<JsonNode> quality = quality("checkout");
        assertThat(quality)
                .extracting(
                        row -> row.path("standing").textValue(),
                        row -> row.path("deployments").intValue(),
                        row -> row.path("n").intValue(),
                        row -> row.path("failed").intValue())
                .containsExactly(tuple("against", 1, 1, 0), tuple("allowed", 7, 7, 3));
        JsonNode allowed = quality.get(1);
        Interval interval = Objects.requireNonNull(ConfidenceIntervals.ofRate(3, 7));
        assertThat(allowed.path("value").doubleValue()).isEqualTo(3.0 / 7);
        assertThat(allowed.path("lower").doubleValue()).isCloseTo(interval.lower(), within(1e-9));
        assertThat(allowed.path("upper").doubleValue()).isCloseTo(interval.upper(), within(1e-9));
        assertThat(quality.get(0).path("value").doubleValue()).isZero();
        assertThat(quality.get(0).path("lower").isNull()).isTrue();
        assertThat(quality("")).hasSize(3);
    }

    @Test
    void overrideAndExemptionsComeOutOfTheRecord_andNothingWhereThereIsNone() {
        ObjectNode overridden = decision("q1", "v1", "allow", NOON).put("code", "overridden");
        overridden.set("override", Records.object("""
                {"id":"o1","requester":"mia","approver":"ben","reason":"the \\"disk\\" is full","ticket":null,
                "expires_at":"2024-02-10T13:00:00Z"}"""));
        overridden.putArray("policies").add(Records.object("{\"name\":\"p\",\"version\":\"3\",\"digest\":\"d\"}"));
        overridden
                .putArray("rules")
                .add(rule("rate", "deny").set("exemption", Records.object("{\"id\":\"e1\"}")))
                .add(rule("age", "pending").putNull("exemption"))
                .add(rule("met", "allow").set("exemption", Records.object("{\"id\":\"e2\"}")));
        insert(overridden);

        assertThat(probe.query("SELECT id, code, overridden, override_id, override_requester, override_approver,"
                        + " override_reason, override_ticket, override_expires_at, exemptions"
                        + " FROM dash.gate_decisions ORDER BY id"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"id\":\"first\",\"code\":\"threshold\",\"overridden\":false,\"override_id\":null,"
                                + "\"override_requester\":null,\"override_approver\":null,\"override_reason\":null,"
                                + "\"override_ticket\":null,\"override_expires_at\":null,\"exemptions\":0}",
                        "{\"id\":\"q1\",\"code\":\"overridden\",\"overridden\":true,\"override_id\":\"o1\","
                                + "\"override_requester\":\"mia\",\"override_approver\":\"ben\","
                                + "\"override_reason\":\"the \\\"disk\\\" is full\",\"override_ticket\":null,"
                                + "\"override_expires_at\":\"2024-02-10T13:00:00.000Z\",\"exemptions\":1}");
        assertThat(probe.query("SELECT rule, code, decision, exempted, exemption FROM dash.gate_rules"
                        + " WHERE decision_id = 'q1' ORDER BY rule"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"rule\":\"age\",\"code\":\"threshold\",\"decision\":\"allow\",\"exempted\":false,"
                                + "\"exemption\":null}",
                        "{\"rule\":\"met\",\"code\":\"threshold\",\"decision\":\"allow\",\"exempted\":false,"
                                + "\"exemption\":\"e2\"}",
                        "{\"rule\":\"rate\",\"code\":\"threshold\",\"decision\":\"allow\",\"exempted\":true,"
                                + "\"exemption\":\"e1\"}");
        assertThat(probe.query("SELECT policy, version, outcome FROM dash.gate_policies"))
                .extracting(JsonNode::toString)
                .containsExactly("{\"policy\":\"p\",\"version\":\"3\",\"outcome\":\"pending\"}");
    }

    @Test
    void consumptionSaysWhatItWasOf() {
        decided("q1", "v1", "allow", NOON);
        insert(Records.record("sluice.decisions.v1", ++offset, Records.object("""
                {"kind":"claim","record":"r1","tenant":"default","what":"consumption","id":"q1","by":"run-1",
                "principal":"ci","at":"2024-02-10T12:05:00Z","until":"2024-02-10T12:15:00Z"}""")));

        assertThat(probe.query("SELECT decision_id, consumer, principal, service, environment, artifact_version,"
                        + " decided_at FROM dash.gate_consumptions"))
                .extracting(JsonNode::toString)
                .containsExactly("{\"decision_id\":\"q1\",\"consumer\":\"run-1\",\"principal\":\"ci\","
                        + "\"service\":\"checkout\",\"environment\":\"production\",\"artifact_version\":\"v1\","
                        + "\"decided_at\":\"2024-02-10T12:00:00.000Z\"}");
    }

    private void decided(String id, String version, String outcome, Instant at) {
        insert(decision(id, version, outcome, at));
    }

    private void decidedOf(String id, String artifact, Instant at) {
        insert((ObjectNode) decision(id, null, "allow", at).set("artifact", Records.object(artifact)));
    }

    private void deployed(String id, String version, Instant startedAt) {
        insert(deployment(id, version, startedAt));
    }

    private void rolledBack(String id, String version, Instant startedAt) {
        insert(deployment(id, version, startedAt).put("kind", "ROLLBACK"));
    }

    private static ObjectNode decision(String id, @Nullable String version, String outcome, Instant at) {
        ObjectNode decision = Records.decision(id)
                .put("decision", outcome)
                .put("allowed", outcome.equals("allow"))
                .put("code", "threshold")
                .put("decided_at", at.toString())
                .put("expires_at", at.plus(TTL).toString());
        decision.putObject("artifact").put("version", version).putNull("digest").putNull("commit");
        return decision;
    }

    private static ObjectNode rule(String id, String outcome) {
        return Records.object("{\"policy\":\"p\",\"mode\":\"enforce\",\"code\":\"threshold\",\"reason\":\"\"}")
                .put("rule", id)
                .put("outcome", outcome);
    }

    private static ObjectNode deployment(String id, @Nullable String version, Instant startedAt) {
        return Records.deployment(id, startedAt.plus(MINUTE))
                .put("started_at", startedAt.toString())
                .put("version", version)
                .putNull("sha");
    }

    private void insert(ObjectNode row) {
        boolean isDecision = row.has("decision");
        insert(
                isDecision
                        ? Records.record("sluice.decisions.v1", ++offset, row)
                        : Records.fact("deployment", ++offset, row));
    }

    private static void insert(TopicRecord record) {
        for (StoredRow row : RowMapper.rows(record)) {
            assertThat(row.table()).as("%s", Records.json(row)).isNotEqualTo(Table.UNREADABLE);
            assertThat(store.insert(row.table(), List.of(row.json()))).isEmpty();
        }
    }

    private static JsonNode onlyBypass() {
        List<JsonNode> bypasses = bypasses();
        assertThat(bypasses).hasSize(1);
        return bypasses.get(0);
    }

    private static List<JsonNode> bypasses() {
        return bypasses("default");
    }

    private static List<JsonNode> bypasses(String tenant) {
        return rows("dash.gate_bypasses", tenant, NOON.minus(DAY), NOON.plus(DAY.multipliedBy(2)));
    }

    private static List<JsonNode> standings() {
        return rows("dash.gate_deployments", "default", NOON.minus(DAY), NOON.plus(DAY)).stream()
                .map(row -> row.path("standing"))
                .toList();
    }

    private static List<JsonNode> quality(String service) {
        return probe.query("SELECT * FROM dash.gate_quality(tenant = 'default', environment = 'production', service = '"
                + service + "', " + between(NOON.minus(DAY), NOON.plus(DAY)) + ") ORDER BY standing");
    }

    private static List<JsonNode> rows(String view, String tenant, Instant from, Instant to) {
        return probe.query(
                "SELECT * FROM " + view + "(tenant = '" + tenant + "', " + between(from, to) + ") ORDER BY id");
    }

    private static String between(Instant from, Instant to) {
        return "`from` = fromUnixTimestamp64Milli(" + from.toEpochMilli() + ", 'UTC'), to = fromUnixTimestamp64Milli("
                + to.toEpochMilli() + ", 'UTC')";
    }

    private static String id(JsonNode row) {
        return row.path("id").textValue();
    }

    private static String kind(JsonNode row) {
        return row.path("kind").textValue();
    }

    private static String version(JsonNode row) {
        return row.path("version").textValue();
    }
}
