package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.dora.PeriodRow;
import dev.sluice.dora.ShiftFact;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics of services, teams and groups over any range of days, as the views add them up. */
class RangesIT {
    private static final Instant FEBRUARY = Instant.parse("2024-02-10T10:00:00Z");
    private static final Instant MAY = Instant.parse("2024-05-10T10:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final LocalDate FROM = LocalDate.parse("2024-01-01");
    private static final LocalDate TO = LocalDate.parse("2024-07-01");
    private static final DoraScope COMMERCE = new DoraScope("default", DoraScope.Kind.TEAM, "commerce", "PRODUCTION");

    @TempDir
    private static Path directory;

    private static ClickHouseServer server;
    private static Probe probe;
    private static Store store;

    private final AtomicLong offset = new AtomicLong();

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        probe = new Probe(server.httpUrl());
        store = Store.of(ClickHouseSettings.at(server.httpUrl()));
        store.migrate();
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        for (String table : List.of(
                "deployments",
                "changes",
                "pull_requests",
                "incidents",
                "shifts",
                "current",
                "periods",
                "dora_windows",
                "periods",
                "assignments",
                "service_settings")) {
            probe.execute("TRUNCATE TABLE sluice." + table);
        }
        for (String service : List.of("checkout", "search")) {
            insert("sluice.current.v1", "", Records.current("v1").put("service", service));
        }
    }

    @Test
    void intervalBoundsAreThoseOfTheDomain_andAreWrittenOnce() {
        store.migrate();
        List<JsonNode> bounds = probe.query("SELECT * FROM sluice.interval_bounds ORDER BY n");
        assertThat(bounds).hasSize(IntervalBounds.MOST_VALUES + 1);
        for (int n : new int[] {0, 1, 5, 6, 100, IntervalBounds.MOST_VALUES}) {
            JsonNode row = bounds.get(n);
            Interval frequency = ConfidenceIntervals.ofFrequency(n, 1);
            assertThat(row.path("median_rank").intValue()).isEqualTo(ConfidenceIntervals.medianRank(n));
            assertThat(row.path("frequency_lower").doubleValue()).isEqualTo(frequency.lower());
            assertThat(row.path("frequency_upper").doubleValue()).isEqualTo(frequency.upper());
        }
    }

    @Test
    void deploymentOfSeveralServicesCountsOnce_andFailedWhereOneOfThemDid() {
        team("checkout", "commerce", "2024-01-01");
        team("search", "commerce", "2024-01-01");
        deployed("checkout", "d1", FEBRUARY, "g1", false);
        deployed("search", "d2", FEBRUARY, "g1", true);
        deployed("search", "d3", FEBRUARY.plus(DAY), null, false);

        JsonNode team = metric("team", "commerce", "change_fail_rate");
        assertThat(team.path("n").intValue()).isEqualTo(2);
        assertThat(team.path("value").doubleValue()).isEqualTo(0.5);
        assertThat(team.path("insufficient").intValue()).isEqualTo(1);
        assertThat(team.path("lower").isNull()).isTrue();
        assertThat(metric("service", "search", "change_fail_rate").path("n").intValue())
                .isEqualTo(2);
    }

    @Test
    void attemptsOfOneServiceEachCount_inTheirGroup_andWithTheSameIdElsewhere() {
        team("checkout", "commerce", "2024-01-01");
        team("search", "commerce", "2024-01-01");
        deployed("checkout", "d1", FEBRUARY, "g1", true);
        deployed("checkout", "d2", FEBRUARY.plus(DAY), "g1", false);
        deployed("search", "d3", FEBRUARY, "g1", false);
        deployed("checkout", "d4", FEBRUARY, null, false);
        deployed("search", "d4", FEBRUARY, null, false);

        JsonNode team = metric("team", "commerce", "change_fail_rate");
        assertThat(team.path("n").intValue()).isEqualTo(4);
        assertThat(team.path("value").doubleValue()).isEqualTo(0.25);
        assertThat(metric("service", "checkout", "change_fail_rate").path("n").intValue())
                .isEqualTo(3);
    }

    @Test
    void teamOfOneServiceHasTheNumbersOfTheService_inAClassOfSeveralEnvironments() {
        team("checkout", "commerce", "2024-01-01");
        for (String environment : List.of("prod-eu", "prod-us")) {
            insert("sluice.current.v1", "", Records.current("v1").put("environment", environment));
            Instant finishedAt = environment.equals("prod-eu") ? FEBRUARY : MAY;
            insertDeployment(deployment("checkout", "d1", finishedAt)
                    .put("environment", environment)
                    .put("group_id", "g1"));
            for (String id : List.of("d2", "d3")) {
                insertDeployment(deployment("checkout", id, finishedAt.plus(DAY))
                        .put("environment", environment)
                        .put("group_id", "g1")
                        .put("failed", id.equals("d2")));
            }
            insertDeployment(deployment("checkout", "d4", finishedAt.plus(DAY))
                    .put("environment", environment)
                    .put("result", "FAILURE")
                    .put("counted", false));
            for (String id : List.of("1", "2")) {
                long leadTimeMs = environment.equals("prod-eu") ? 1_000 : 9_000;
                insert(
                        "sluice.facts.v1",
                        "change",
                        Records.change(id, finishedAt, leadTimeMs).put("environment", environment));
                insert(
                        "sluice.facts.v1",
                        "pull_request",
                        Records.pullRequest(id, finishedAt, leadTimeMs).put("environment", environment));
            }
        }
        insert("sluice.facts.v1", "change", Records.change("3", MAY, 5_000).put("environment", "prod-us"));

        var numbers = new TreeMap<String, Integer>();
        Map<String, JsonNode> ofService = metrics("service", "checkout", "PRODUCTION");
        ofService.forEach((metric, row) -> numbers.put(metric, row.path("n").intValue()));
        assertThat(numbers)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "change_fail_rate", 8,
                        "change_lead_time", 3,
                        "deployment_frequency", 6,
                        "deployment_rework_rate", 8,
                        "deployment_success_rate", 8,
                        "failed_deployment_recovery_time", 6,
                        "mean_time_to_deploy", 8,
                        "pull_request_lead_time", 2));
        assertThat(metric("pull_request_lead_time", ofService).path("value").doubleValue())
                .as("of the first deployment")
                .isEqualTo(1_000);
        for (String bucket : List.of("range", "week", "month", "quarter", "half")) {
            assertThat(probe.query("SELECT * FROM " + view("team", "commerce", "PRODUCTION", bucket) + " ORDER BY ALL"))
                    .as(bucket)
                    .isEqualTo(probe.query(
                            "SELECT * FROM " + view("service", "checkout", "PRODUCTION", bucket) + " ORDER BY ALL"));
        }
        LocalDate may = LocalDate.parse("2024-05-01");
        assertThat(store.report().metrics(service("checkout"), may, TO, "range"))
                .as("two of them were in production before")
                .filteredOn(metric -> metric.metric().equals("change_lead_time"))
                .extracting(RangeMetric::n, RangeMetric::value)
                .containsExactly(tuple(1L, 5_000.0));
        assertThat(store.report().metrics(COMMERCE, may, TO, "range"))
                .isEqualTo(store.report().metrics(service("checkout"), may, TO, "range"));
        assertThat(metric("change_lead_time", metrics("service", "checkout", "prod-us"))
                        .path("n")
                        .intValue())
                .as("in one of the environments")
                .isEqualTo(3);
    }

    @Test
    void whatAServiceDidCountsForTheTeamThatItBelongedToThen() {
        team("checkout", "commerce", "2024-01-01");
        team("checkout", "payments", "2024-04-01");
        deployed("checkout", "d1", FEBRUARY, null, false);
        deployed("checkout", "d2", FEBRUARY.plus(DAY), null, false);
        deployed("checkout", "d3", MAY, null, false);

        assertThat(frequency("team", "commerce", "production")).isEqualTo(2);
        assertThat(frequency("team", "payments", "production")).isEqualTo(1);
        assertThat(metrics("team", "nobody", "production")).isEmpty();
        assertThat(frequency("all", "", "production")).isEqualTo(3);
    }

    @Test
    void groupHasWhatItsTeamsHad_whileTheyWereItsOwn() {
        team("checkout", "commerce", "2024-01-01");
        team("search", "discovery", "2024-01-01");
        assigned("TEAM_GROUP", "commerce", "shop", "2024-01-01");
        assigned("TEAM_GROUP", "discovery", "shop", "2024-03-01");
        deployed("checkout", "d1", FEBRUARY, null, false);
        deployed("search", "d2", FEBRUARY, null, false);
        deployed("search", "d3", MAY, null, false);

        assertThat(frequency("group", "shop", "production")).isEqualTo(2);
    }

    @Test
    void environmentIsOneByName_orAllOfAClass_byWhatTheyWereThen() {
        insert("sluice.current.v1", "", Records.current("v1").put("environment", "eu"));
        assigned("ENVIRONMENT_CLASS", "eu", "PRODUCTION", "2024-04-01");
        deployed("checkout", "d1", FEBRUARY, null, false);
        insertDeployment(deployment("checkout", "d2", FEBRUARY).put("environment", "eu"));
        insertDeployment(deployment("checkout", "d3", MAY).put("environment", "eu"));

        assertThat(frequency("service", "checkout", "production")).isEqualTo(1);
        assertThat(frequency("service", "checkout", "eu")).isEqualTo(2);
        assertThat(frequency("service", "checkout", "PRODUCTION"))
                .as("eu was no production in February")
                .isEqualTo(2);
        assertThat(frequency("service", "checkout", "OTHER")).isEqualTo(1);
    }

    @Test
    void classOfAnEnvironmentIsKnownByItsName_unlessItIsAssigned() {
        for (String environment : List.of("prod", "eu-live", "staging", "qa", "delivery", "reproduction")) {
            insert("sluice.current.v1", "", Records.current("v1").put("environment", environment));
        }
        assigned("ENVIRONMENT_CLASS", "qa", "OTHER", "2024-04-01");

        assertThat(probe.query("SELECT environment, class, valid_to FROM dash.environment_classes"
                        + " WHERE environment != 'production' ORDER BY environment, valid_from"))
                .extracting(row -> row.path("environment").textValue() + " "
                        + row.path("class").textValue() + " "
                        + row.path("valid_to").asText())
                .containsExactly(
                        "delivery OTHER null",
                        "eu-live PRODUCTION null",
                        "prod PRODUCTION null",
                        "qa TEST 2024-04-01T00:00:00.000Z",
                        "qa OTHER null",
                        "reproduction OTHER null",
                        "staging STAGING null");
    }

    @ParameterizedTest
    @CsvSource({
        "prod, PRODUCTION",
        "Production, PRODUCTION",
        "PROD-EU, PRODUCTION",
        "prod1, PRODUCTION",
        "us_live2, PRODUCTION",
        "acme/production/eu, PRODUCTION",
        "prod-canary, PRODUCTION",
        "prod-blue, PRODUCTION",
        "prod-prelude, PRODUCTION",
        "pre-prod, STAGING",
        "preprod, STAGING",
        "preprod2, STAGING",
        "PreProd, STAGING",
        "pre-production, STAGING",
        "preproduction, STAGING",
        "prelive, STAGING",
        "prod.pre, STAGING",
        "non-prod, STAGING",
        "nonprod, STAGING",
        "eu-nonprod, STAGING",
        "non-production, STAGING",
        "nonproduction, STAGING",
        "not-production, STAGING",
        "staging-live, STAGING",
        "prod-staging, STAGING",
        "stage prod, STAGING",
        "uat-prod, STAGING",
        "staging, STAGING",
        "prod-test, TEST",
        "prod_qa, TEST",
        "dev-prod, TEST",
        "nonprod-test, TEST",
        "staging-dev1, TEST",
        "review/prod-fix, TEST",
        "preview-live, TEST",
        "review/main, TEST",
        "testing, TEST",
        "delivery, OTHER",
        "reproduction, OTHER",
        "prodlike, OTHER",
        "ünprod, OTHER",
        "nonsense, OTHER",
        "canary, OTHER",
        "42, OTHER"
    })
    void wordOfWhatIsBeforeOrBesideProductionOutweighsProduction(String environment, String expected) {
        insert("sluice.current.v1", "", Records.current("v1").put("environment", environment));

        assertThat(probe.query("SELECT class, valid_to FROM dash.environment_classes WHERE environment = '"
                        + environment + "'"))
                .extracting(row -> row.path("class").textValue() + " until "
                        + row.path("valid_to").asText())
                .containsExactly(expected + " until null");
    }

    @ParameterizedTest
    @CsvSource({"1970-01-01T00:00:00Z", "1969-12-31T23:00:00Z", "1970-01-01T05:00:00Z"})
    void assignmentFromTheFirstDayOnHoldsFromTheBeginning_inEveryZone(String startOfThatDay) {
        deployed("checkout", "d1", FEBRUARY, null, false);
        insert(
                "sluice.facts.v1",
                "assignment",
                Records.assignment("ENVIRONMENT_CLASS", "production", "TEST", "1970-01-01")
                        .put("valid_from", startOfThatDay));

        assertThat(frequency("service", "checkout", "TEST")).isEqualTo(1);
        assertThat(metrics("service", "checkout", "PRODUCTION")).isEmpty();
        assertThat(store.report().members(COMMERCE, FROM, TO)).isEmpty();
        assertThat(store.report().members(new DoraScope("default", DoraScope.Kind.ALL, "", "TEST"), FROM, TO))
                .contains(new ReportReader.Member("checkout", "production"));
    }

    @Test
    void selfCheckMeansTheEnvironment_notTheClassThatIsCalledSo() {
        insert("sluice.current.v1", "", Records.current("v1").put("environment", "PRODUCTION"));
        insertDeployment(deployment("checkout", "d1", FEBRUARY).put("environment", "PRODUCTION"));
        deployed("checkout", "d2", FEBRUARY, null, false);
        insert(
                "sluice.periods.v1",
                "",
                Records.period("quarter", "2024-Q1", FROM, LocalDate.parse("2024-04-01"))
                        .put("environment", "PRODUCTION"));

        PeriodRow period = store.selfCheck().sample(1).get(0);
        assertThat(store.selfCheck().recomputed(period).get("deployment_frequency"))
                .isEqualTo(new SelfCheckReader.Recomputed(1, 1 / 91.0));
        assertThat(frequency("service", "checkout", "PRODUCTION")).isEqualTo(2);
        assertThat(probe.query("SELECT environment FROM dash.dora_members(tenant='default', scope='series',"
                        + " name='checkout', environment='PRODUCTION')"))
                .extracting(row -> row.path("environment").textValue())
                .containsExactly("PRODUCTION");
    }

    @Test
    void bucketsAreWholePeriods_thatTheRangeDoesNotCut() {
        deployed("checkout", "d1", FEBRUARY, null, false);
        deployed("checkout", "d2", FEBRUARY.plus(DAY), null, false);
        deployed("checkout", "d3", MAY, null, false);

        List<JsonNode> months =
                probe.query("SELECT start, n, value FROM " + view("service", "checkout", "production", "month")
                        + " WHERE metric = 'deployment_frequency' ORDER BY start");
        assertThat(months)
                .extracting(row -> row.path("start").textValue() + " " + row.path("n"))
                .containsExactly("2024-02-01 2", "2024-05-01 1");
        assertThat(months.get(0).path("value").doubleValue()).isCloseTo(2 / 29.0, within(1e-12));
    }

    @Test
    void aServiceIsThereFromItsFirstFact_andInATeamNotBeforeItBelongsToIt() {
        team("checkout", "commerce", "2024-03-01");
        team("search", "commerce", "2024-01-01");
        team("search", "discovery", "2024-02-01");
        insert("sluice.current.v1", "", Records.current("v1").put("service", "checked"));
        team("checked", "commerce", "2024-01-01");
        insert(
                "sluice.periods.v1",
                "",
                Records.period("week", "2024-W01", LocalDate.parse("2024-01-01"), LocalDate.parse("2024-01-08"))
                        .put("service", "checked"));
        deployed("checkout", "d1", FEBRUARY, null, false);
        deployed("search", "d2", MAY, null, false);
        insert("sluice.facts.v1", "incident", Records.incident("i1", FEBRUARY).put("service", "search"));

        LocalDate february = LocalDate.ofInstant(FEBRUARY, ZoneOffset.UTC);
        assertThat(store.report().beginnings(scope(DoraScope.Kind.ALL, "")))
                .isEqualTo(Map.of("checkout", february, "search", february, "checked", LocalDate.parse("2024-01-07")));
        assertThat(store.report().beginnings(scope(DoraScope.Kind.SERVICE, "search")))
                .isEqualTo(Map.of("search", february));
        assertThat(store.report().beginnings(COMMERCE))
                .as("search had left before it did anything")
                .isEqualTo(Map.of("checkout", LocalDate.parse("2024-03-01"), "checked", LocalDate.parse("2024-01-07")));
    }

    private static DoraScope scope(DoraScope.Kind kind, String name) {
        return new DoraScope("default", kind, name, "production");
    }

    @Test
    void eachServiceOfATeamHasTheNumbersThatItHasAlone() {
        team("checkout", "commerce", "2024-01-01");
        team("search", "commerce", "2024-01-01");
        insertDeployment(deployment("checkout", "d1", FEBRUARY).put("group_id", "g1"));
        insertDeployment(deployment("search", "d2", FEBRUARY).put("group_id", "g1"));
        insertDeployment(deployment("search", "d3", FEBRUARY.plus(DAY)).put("failed", false));

        List<RangeMetric> ofServices = store.report().metricsByService(COMMERCE, FROM, TO);

        assertThat(ofServices).extracting(RangeMetric::part).containsOnly("checkout", "search");
        for (String service : List.of("checkout", "search")) {
            assertThat(ofServices.stream()
                            .filter(metric -> metric.part().equals(service))
                            .map(metric -> metric.toString().replace("part=" + service, "part=")))
                    .containsExactlyElementsOf(store.report().metrics(service(service), FROM, TO, "range").stream()
                            .map(RangeMetric::toString)
                            .toList());
        }
    }

    @Test
    void membersAreThoseThatBelongedToTheScopeInTheDays() {
        team("checkout", "commerce", "2024-01-01");
        team("checkout", "payments", "2024-04-01");
        team("search", "commerce", "2024-05-01");

        assertThat(store.report().members(COMMERCE, FROM, TO))
                .containsExactly(
                        new ReportReader.Member("checkout", "production"),
                        new ReportReader.Member("search", "production"));
        assertThat(store.report().members(COMMERCE, FROM, LocalDate.parse("2024-05-01")))
                .containsExactly(new ReportReader.Member("checkout", "production"));
        assertThat(store.report().members(COMMERCE, LocalDate.parse("2024-05-01"), TO))
                .containsExactly(new ReportReader.Member("search", "production"));
        assertThat(store.report().members(service("o'x"), FROM, TO)).isEmpty();
    }

    @Test
    void whatIsInNoMetricIsCountedByItsReason_forTheTeamThatItBelongedToThen() {
        team("checkout", "commerce", "2024-01-01");
        team("checkout", "payments", "2024-04-01");
        for (String id : List.of("d1", "d2")) {
            insertDeployment(
                    deployment("checkout", id, FEBRUARY).put("counted", false).put("excluded_reason", "REDEPLOY"));
        }
        insertDeployment(deployment("checkout", "d3", MAY)
                .put("counted", false)
                .putNull("excluded_reason")
                .put("result", "CANCELLED"));
        insertDeployment(deployment("checkout", "d4", FEBRUARY));
        insert(
                "sluice.facts.v1",
                "change",
                Records.change("a", FEBRUARY, 1).put("counted", false).put("excluded_reason", "MERGE"));
        insert(
                "sluice.facts.v1",
                "incident",
                Records.incident("i1", FEBRUARY).putNull("rule").put("unattributed_reason", "OUTSIDE_WINDOW"));
        insert("sluice.facts.v1", "incident", Records.incident("i2", FEBRUARY));

        assertThat(store.report().excluded(COMMERCE, FROM, TO))
                .containsExactly(
                        new Excluded("change", "MERGE", 1),
                        new Excluded("deployment", "REDEPLOY", 2),
                        new Excluded("incident", "OUTSIDE_WINDOW", 1));
        assertThat(store.report().excluded(service("checkout"), LocalDate.parse("2024-05-01"), TO))
                .containsExactly(new Excluded("deployment", "CANCELLED", 1));
    }

    @Test
    void shiftsAndWindowsAreThoseOfTheService_orOfAll() {
        for (String service : List.of("checkout", "search")) {
            insert(
                    "sluice.facts.v1",
                    "shift",
                    Records.shift("change_fail_rate", "2024-02-01T10:00:00.000Z")
                            .put("service", service));
            insert("sluice.dora.v1", "", Records.dora().put("service", service));
        }

        assertThat(store.report().shifts(service("search"), FROM, TO))
                .extracting(ShiftFact::service, ShiftFact::beforeValue, ShiftFact::withdrawn)
                .containsExactly(tuple("search", 0.125, true));
        assertThat(store.report().shifts(COMMERCE, FROM, TO))
                .extracting(ShiftFact::service)
                .containsExactly("checkout", "search");
        assertThat(store.report().shifts(COMMERCE, FROM, LocalDate.parse("2024-02-20")))
                .isEmpty();
        assertThat(store.report().windows(service("search"), 30))
                .extracting(StoredWindow::service, StoredWindow::to)
                .containsExactly(tuple("search", LocalDate.parse("2026-03-01")));
        assertThat(store.report().windows(COMMERCE, 30)).hasSize(2);
    }

    @Test
    void anotherTenantSeesNothingOfIt() {
        team("checkout", "commerce", "2024-01-01");
        deployed("checkout", "d1", FEBRUARY, null, false);
        insertDeployment(
                deployment("checkout", "d2", FEBRUARY).put("counted", false).put("excluded_reason", "REDEPLOY"));
        insert("sluice.facts.v1", "shift", Records.shift("change_fail_rate", "2024-02-01T10:00:00.000Z"));
        insert("sluice.dora.v1", "", Records.dora());

        assertThat(store.report().members(COMMERCE, FROM, TO)).isNotEmpty();
        for (DoraScope own : List.of(
                COMMERCE, service("checkout"), new DoraScope("default", DoraScope.Kind.ALL, "", "PRODUCTION"))) {
            var others = new DoraScope("other", own.kind(), own.name(), own.environment());
            assertThat(store.report().members(others, FROM, TO)).isEmpty();
            assertThat(store.report().metrics(others, FROM, TO, "range")).isEmpty();
            assertThat(store.report().metricsByService(others, FROM, TO)).isEmpty();
            assertThat(store.report().excluded(others, FROM, TO)).isEmpty();
            assertThat(store.report().shifts(others, FROM, TO)).isEmpty();
            assertThat(store.report().windows(others, 90)).isEmpty();
        }
    }

    private static DoraScope service(String name) {
        return new DoraScope("default", DoraScope.Kind.SERVICE, name, "PRODUCTION");
    }

    private static JsonNode metric(String scope, String name, String metric) {
        return metric(metric, metrics(scope, name, "production"));
    }

    private static JsonNode metric(String metric, Map<String, JsonNode> metrics) {
        return Objects.requireNonNull(metrics.get(metric));
    }

    private double frequency(String scope, String name, String environment) {
        return Objects.requireNonNull(metrics(scope, name, environment).get("deployment_frequency"))
                .path("n")
                .intValue();
    }

    private static Map<String, JsonNode> metrics(String scope, String name, String environment) {
        var metrics = new TreeMap<String, JsonNode>();
        probe.query("SELECT * FROM " + view(scope, name, environment, "range"))
                .forEach(row -> metrics.put(row.path("metric").textValue(), row));
        return metrics;
    }

    private static String view(String scope, String name, String environment, String bucket) {
        return ("dash.dora_ranges(tenant='default', scope='%s', name='%s', environment='%s', bucket='%s',"
                        + " `from`='2024-01-01', to='2024-07-01')")
                .formatted(scope, name, environment, bucket);
    }

    private void deployed(String service, String id, Instant at, @Nullable String group, boolean failed) {
        insertDeployment(deployment(service, id, at).put("group_id", group).put("failed", failed));
    }

    private static ObjectNode deployment(String service, String id, Instant at) {
        return Records.deployment(id, at).put("service", service);
    }

    private void insertDeployment(ObjectNode deployment) {
        insert("sluice.facts.v1", "deployment", deployment);
    }

    private void team(String service, String team, String from) {
        assigned("SERVICE_TEAM", service, team, from);
    }

    /** Assignments are contiguous, as the job writes them: the one before ends where this one begins. */
    private void assigned(String kind, String subject, String value, String from) {
        insert("sluice.facts.v1", "assignment", Records.assignment(kind, subject, value, from));
        for (JsonNode before : probe.query("SELECT from_day, value FROM dash.assignments WHERE kind = '" + kind
                + "' AND subject = '" + subject + "' AND from_day < '" + from + "' AND isNull(valid_to)")) {
            insert(
                    "sluice.facts.v1",
                    "assignment",
                    Records.assignment(
                                    kind,
                                    subject,
                                    before.path("value").textValue(),
                                    before.path("from_day").textValue())
                            .put("valid_to", from + "T00:00:00Z"));
        }
    }

    private void insert(String topic, String factKind, ObjectNode row) {
        TopicRecord record = factKind.isEmpty()
                ? Records.record(topic, offset.incrementAndGet(), row)
                : Records.fact(factKind, offset.incrementAndGet(), row);
        for (StoredRow stored : RowMapper.rows(record)) {
            assertThat(store.insert(stored.table(), List.of(stored.json()))).isEmpty();
        }
    }
}
