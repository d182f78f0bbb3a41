package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.FreePorts;
import dev.sluice.statistics.Interval;
import dev.sluice.store.StoredDelivery.Correction;
import dev.sluice.store.StoredDelivery.DerivedEvent;
import dev.sluice.store.StoredDelivery.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StoreIT {
    private static final Instant FEBRUARY = Instant.parse("2024-02-01T10:00:00Z");
    private static final DateTimeFormatter ISO_MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @TempDir
    private static Path directory;

    private static ClickHouseServer server;
    private static Probe probe;
    private static Store store;

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        ClickHouseSettings settings = ClickHouseSettings.at(server.httpUrl());
        probe = new Probe(server.httpUrl());
        store = Store.of(settings);
        store.migrate();
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        for (JsonNode table :
                probe.query("SELECT name FROM system.tables WHERE database = 'sluice' AND engine LIKE '%MergeTree'"
                        + " AND name NOT IN ('migrations', 'interval_bounds')")) {
            probe.execute("TRUNCATE TABLE sluice." + table.path("name").textValue());
        }
    }

    @Test
    void everyRowReachesItsTable() {
        insert(Records.fact("deployment", 1, Records.deployment("d1", FEBRUARY)));
        insert(Records.fact("change", 2, Records.change("abc", FEBRUARY, 60_000)));
        insert(Records.record("sluice.dora.v1", 1, Records.dora()));
        insert(Records.record("sluice.periods.v1", 1, quarter("2024-Q1", 1)));
        insert(Records.record("sluice.current.v1", 1, Records.current("v1")));
        insert(Records.record("sluice.events.v1", 1, Records.event("e1", "d-1-7")));
        insert(Records.record("sluice.dead-letters.v1", 1, Records.deadLetter("d-1-8", "IGNORED")));
        insert(Records.record("sluice.decisions.v1", 1, Records.decision("q1")));
        insert(Records.record("sluice.progress.v1", 1, Records.progress(FEBRUARY)));
        insert(Records.raw(7, "{}".getBytes(StandardCharsets.UTF_8)));
        insert(Records.record("sluice.else.v1", 1, Records.current("v1")));

        assertThat(one("SELECT * FROM dash.deployments").path("finished_at").textValue())
                .isEqualTo("2024-02-01T10:00:00.000Z");
        assertThat(one("SELECT * FROM dash.deployments").path("version").textValue())
                .isEqualTo("v1");
        assertThat(one("SELECT * FROM dash.changes").path("lead_time_ms").longValue())
                .isEqualTo(60_000);
        assertThat(count("dash.dora_windows")).isEqualTo(3);
        assertThat(one("SELECT * FROM dash.dora_windows WHERE days = 90")
                        .path("from_day")
                        .textValue())
                .isEqualTo("2025-12-02");
        assertThat(one("SELECT * FROM dash.services").path("service").textValue())
                .isEqualTo("checkout");
        assertThat(one("SELECT * FROM dash.current").path("version").textValue())
                .isEqualTo("v1");
        assertThat(one("SELECT * FROM dash.events").path("subject").textValue()).isEqualTo("abc");
        assertThat(one("SELECT * FROM dash.dead_letters").path("pointer").textValue())
                .isEqualTo("/a");
        JsonNode rule = one("SELECT * FROM dash.gate_rules");
        assertThat(rule.path("value").doubleValue()).isEqualTo(0.5);
        assertThat(rule.path("outcome").textValue()).isEqualTo("deny");
        assertThat(one("SELECT * FROM dash.job_progress").path("at").textValue())
                .isEqualTo("2024-02-01T10:00:00.000Z");
        assertThat(one("SELECT * FROM dash.unreadable").path("reason").textValue())
                .isEqualTo("unknown topic sluice.else.v1");
        assertThat(one("SELECT * FROM dash.deliveries").path("status").textValue())
                .isEqualTo("events");
        assertThat(one("SELECT * FROM dash.ingest_minute").path("accepted").intValue())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("factsByView")
    void everyFieldOfAFactComesOutOfItsView_untilItIsDeleted(String view, String kind, ObjectNode fact) {
        insert(Records.fact(kind, 1, fact));

        ObjectNode expected = Records.object(fact.toString());
        expected.remove("deleted");
        expected.properties().forEach(field -> {
            if (field.getKey().endsWith("_at")) {
                Instant time = Instant.parse(field.getValue().textValue());
                field.setValue(TextNode.valueOf(ISO_MILLIS.format(time)));
            }
        });
        assertThat((Object) one("SELECT * FROM dash." + view)).isEqualTo(expected);

        insert(Records.fact(kind, 2, fact.deepCopy().put("deleted", true)));
        assertThat(count("dash." + view)).isZero();
        assertThat(count("sluice." + view + "_history FINAL")).isEqualTo(2);

        insert(Records.fact(kind, 3, fact));
        assertThat(count("dash." + view)).as("it came back").isEqualTo(1);
    }

    static List<Arguments> factsByView() {
        return List.of(
                arguments(
                        "deployments",
                        "deployment",
                        Records.deployment("d1", FEBRUARY).put("queued_at", "2024-02-01T09:58:00.5Z")),
                arguments("changes", "change", Records.change("abc", FEBRUARY, 60_000)),
                arguments("incidents", "incident", Records.incident("i1", FEBRUARY)),
                arguments("pull_requests", "pull_request", Records.pullRequest("7", FEBRUARY, 10)),
                arguments("drift_episodes", "drift", Records.driftEpisode("vpc", FEBRUARY)),
                arguments("shifts", "shift", Records.shift("change_fail_rate", "2024-02-01T10:00:00.000Z")),
                arguments("service_settings", "service", Records.serviceSettings("checkout")),
                arguments(
                        "assignments",
                        "assignment",
                        Records.assignment("SERVICE_TEAM", "checkout", "payments", "2024-02-01")
                                .put("valid_from", "2024-01-31T23:00:00.000Z")));
    }

    /** A job that was restarted writes buckets again: each is there once, and a tenant has its own. */
    @Test
    void bucketsOfACanaryRunComeInTheirOrder() {
        insert(Records.record("sluice.buckets.v1", 1, Records.canaryBucket("default", "r1", "2026-03-01T10:00:10Z")));
        insert(Records.record("sluice.buckets.v1", 2, Records.canaryBucket("default", "r1", "2026-03-01T10:00:00Z")));
        insert(Records.record("sluice.buckets.v1", 3, Records.canaryBucket("default", "r1", "2026-03-01T10:00:10Z")));
        insert(Records.record("sluice.buckets.v1", 4, Records.canaryBucket("default", "r2", "2026-03-01T10:00:20Z")));
        insert(Records.record("sluice.buckets.v1", 5, Records.canaryBucket("other", "r1", "2026-03-01T10:00:30Z")));

        assertThat(store.canaries().buckets("default", "r1"))
                .containsExactly(
                        Records.canaryBucket("default", "r1", "2026-03-01T10:00:00Z")
                                .toString(),
                        Records.canaryBucket("default", "r1", "2026-03-01T10:00:10Z")
                                .toString());
        assertThat(store.canaries().buckets("other", "r2")).isEmpty();
    }

    /** The log may tell the past again after a restart: a run stands as it stood last, and each look is there once. */
    @Test
    void aCanaryRunStandsAsItStoodLast_andEachLookIsThereOnce() {
        insert(Records.record("sluice.evidence.v1", 1, Records.canaryEvidence("r1", "2026-03-01T10:05:00Z")));
        insert(Records.record(
                "sluice.evidence.v1",
                2,
                Records.withState(Records.canaryEvidence("r1", "2026-03-01T10:05:10Z"), "Failed")));
        insert(Records.record(
                "sluice.evidence.v1",
                3,
                Records.withState(Records.canaryEvidence("r1", "2026-03-01T10:05:10Z"), "Failed")
                        .put("ended", true)));
        insert(Records.record("sluice.evidence.v1", 4, Records.canaryEvidence("r1", "2026-03-01T10:05:00Z")));

        assertThat(probe.query("SELECT run, state, ended, twin, doubts FROM dash.canary_runs"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"run\":\"r1\",\"state\":\"Failed\",\"ended\":true,\"twin\":\"Running\",\"doubts\":[\"late\"]}");
        assertThat(probe.query("SELECT metric, at, state, lower, upper FROM dash.canary_evidence ORDER BY metric, at"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        look("errors", "10:05:00", "Running", "0.9"),
                        look("errors", "10:05:10", "Failed", "0.9"),
                        look("latency", "10:05:00", "Running", "null"),
                        look("latency", "10:05:10", "Failed", "null"));
    }

    private static String look(String metric, String time, String state, String lower) {
        return "{\"metric\":\"" + metric + "\",\"at\":\"2026-03-01T" + time + ".000Z\",\"state\":\"" + state
                + "\",\"lower\":" + lower + ",\"upper\":null}";
    }

    /** Runs that go on, of other services and of other times are not counted; 1 of 5 by Wilson: 0.0362 to 0.6245. */
    @Test
    void theTwinsOfRunsThatEndedAreCounted() {
        for (int i = 0; i < 5; i++) {
            insert(Records.record(
                    "sluice.evidence.v1", i, endedRun("r" + i).put("twin", i == 0 ? "Failed" : "Running")));
        }
        insert(Records.record("sluice.evidence.v1", 10, Records.canaryEvidence("goes-on", "2026-03-01T10:05:00Z")));
        insert(Records.record("sluice.evidence.v1", 11, endedRun("without").putNull("twin")));
        insert(Records.record(
                "sluice.evidence.v1",
                12,
                endedRun("cart").put("service", "cart").put("twin", "Failed")));

        assertThat(twins("checkout", "2026-03-01 00:00:00")).singleElement().satisfies(twins -> {
            assertThat(twins.path("n").intValue()).isEqualTo(5);
            assertThat(twins.path("failed").intValue()).isEqualTo(1);
            assertThat(twins.path("lower").doubleValue()).isCloseTo(0.0362, within(1e-4));
            assertThat(twins.path("upper").doubleValue()).isCloseTo(0.6245, within(1e-4));
            assertThat(twins.path("alpha").doubleValue()).isCloseTo(0.02, within(1e-12));
        });
        assertThat(twins("", "2026-03-01 00:00:00"))
                .singleElement()
                .satisfies(twins -> assertThat(twins.path("failed").intValue()).isEqualTo(2));
        assertThat(twins("checkout", "2026-03-02 00:00:00")).isEmpty();
    }

    private static ObjectNode endedRun(String run) {
        return Records.canaryEvidence(run, "2026-03-01T10:05:00Z").put("ended", true);
    }

    private static List<JsonNode> twins(String service, String from) {
        return probe.query("SELECT * FROM dash.canary_twins(tenant = 'default', service = '" + service
                + "', environment = 'production', `from` = toDateTime64('" + from
                + "', 3, 'UTC'), to = toDateTime64('2026-04-01 00:00:00', 3, 'UTC'))");
    }

    @Test
    void shiftsAreToldApartByMetricDirectionAndOnset() {
        insert(Records.fact("shift", 1, Records.shift("change_fail_rate", "2024-02-01T10:00:00Z")));
        insert(Records.fact("shift", 2, Records.shift("change_fail_rate", "2024-02-01T10:00:00.001Z")));
        insert(Records.fact("shift", 3, Records.shift("change_lead_time", "2024-02-01T10:00:00Z")));
        insert(Records.fact(
                "shift",
                4,
                Records.shift("change_fail_rate", "2024-02-01T10:00:00Z").put("direction", "IMPROVEMENT")));
        insert(Records.fact(
                "shift",
                5,
                Records.shift("change_fail_rate", "2024-02-01T10:00:00Z").put("withdrawn", false)));

        assertThat(count("dash.shifts")).isEqualTo(4);
        assertThat(count("dash.shifts WHERE NOT withdrawn")).isEqualTo(1);
    }

    @Test
    void episodesOfOneResourceAreToldApartByWhenTheyWereOpened() {
        insert(Records.fact("drift", 1, Records.driftEpisode("vpc", FEBRUARY)));
        insert(Records.fact("drift", 2, Records.driftEpisode("vpc", FEBRUARY.plusMillis(1))));
        insert(Records.fact("drift", 3, Records.driftEpisode("vpc", FEBRUARY).put("deleted", true)));

        assertThat(one("SELECT opened_at FROM dash.drift_episodes")
                        .path("opened_at")
                        .textValue())
                .isEqualTo("2024-02-01T10:00:00.001Z");
    }

    @Test
    void pullRequestsOfOneNumberAreToldApartByTheirRepository() {
        insert(Records.fact("pull_request", 1, Records.pullRequest("7", FEBRUARY, 10)));
        insert(Records.fact(
                "pull_request", 2, Records.pullRequest("7", FEBRUARY, 10).put("repository", "web")));

        assertThat(count("dash.pull_requests")).isEqualTo(2);
    }

    @Test
    void windowsAndPeriodsShowTheSameMetrics_andSoDoTheirHistories() {
        ObjectNode period = quarter("2024-Q1", 1);
        ObjectNode dora = Records.dora();
        ((ObjectNode) dora.at("/windows/2")).set("metrics", period.path("metrics"));
        insert(Records.record("sluice.periods.v1", 1, period));
        insert(Records.record("sluice.dora.v1", 1, dora));

        JsonNode expected = metricColumns("dash.periods");

        assertThat(expected.size()).isGreaterThan(90);
        assertThat(expected.path("change_fail_rate_failed_within_three_days").intValue())
                .isEqualTo(3);
        assertThat((Object) metricColumns("dash.dora_windows WHERE days = 90")).isEqualTo(expected);
        assertThat((Object) metricColumns("sluice.periods_history")).isEqualTo(expected);
        assertThat((Object) metricColumns("sluice.dora_windows_history WHERE days = 90"))
                .isEqualTo(expected);
    }

    @Test
    void currentRowTellsWhatIsOpen() {
        insert(Records.record("sluice.current.v1", 1, Records.current("v1")));

        JsonNode current = one("SELECT * FROM dash.current");
        assertThat(current.path("open_failures").intValue()).isEqualTo(2);
        assertThat(current.path("oldest_open_failure_at").textValue()).isEqualTo("2024-02-01T09:00:00.000Z");
        assertThat(current.path("open_incidents").intValue()).isEqualTo(3);
        assertThat(current.path("open_incidents_by_severity").properties())
                .extracting(entry -> entry.getKey() + "=" + entry.getValue().intValue())
                .containsExactlyInAnyOrder("=1", "sev1=2");
        assertThat(current.path("drifted").booleanValue()).isTrue();
        assertThat(current.path("last_drift_check_at").textValue()).isEqualTo("2024-02-01T09:30:00.000Z");

        insert(Records.record("sluice.current.v1", 2, Records.current("v1").putNull("drifted")));
        assertThat(one("SELECT drifted FROM dash.current").path("drifted").isNull())
                .as("never checked is not clean")
                .isTrue();

        ObjectNode before = Records.current("v1");
        before.remove("open_incidents_by_severity");
        insert(Records.record("sluice.current.v1", 3, before));
        assertThat(one("SELECT open_incidents, open_incidents_by_severity FROM dash.current")
                        .path("open_incidents_by_severity"))
                .as("a row of before severities were told")
                .isEmpty();
        assertThat(
                        one("SELECT sum(mapContains(open_incidents_by_severity, 'sev1')) AS told FROM sluice.current_history")
                                .path("told")
                                .intValue())
                .as("the history keeps what was told")
                .isEqualTo(2);
    }

    @Test
    void newestVersionShows_whateverTheOrderOfArrival_andHistoryKeepsAll() {
        TopicRecord older =
                Records.fact("deployment", 4, Records.deployment("d1", FEBRUARY).put("version", "old"));
        TopicRecord newer =
                Records.fact("deployment", 9, Records.deployment("d1", FEBRUARY).put("version", "new"));

        insert(newer);
        insert(older);
        insert(newer);

        assertThat(one("SELECT * FROM dash.deployments").path("version").textValue())
                .isEqualTo("new");
        assertThat(probe.query("SELECT version FROM sluice.deployments_history FINAL ORDER BY row_offset"))
                .extracting(row -> row.path("version").textValue())
                .containsExactly("old", "new");
    }

    @Test
    void versionsInOneInsertAllReachHistory() {
        List<byte[]> rows = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            rows.add(RowMapper.rows(Records.fact("deployment", offset, Records.deployment("d1", FEBRUARY)))
                    .get(0)
                    .json());
        }
        store.insert(Table.DEPLOYMENTS, rows);

        assertThat(count("dash.deployments")).isEqualTo(1);
        assertThat(one("SELECT count() AS n FROM sluice.deployments_history FINAL")
                        .path("n")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void rowOfADeadAttemptNeverShows_thoughItsOffsetIsLater() {
        insert(generation("200", 5, "of the living"));
        insert(generation("100", 6, "of the dead"));

        assertThat(one("SELECT * FROM dash.current").path("version").textValue())
                .isEqualTo("of the living");
    }

    @Test
    void deletedRowVanishesAndMayComeBack() {
        insert(Records.record("sluice.current.v1", 1, Records.current("v1")));
        insert(Records.record(
                "sluice.current.v1",
                2,
                Records.current("v1").put("deleted", true).putNull("version")));
        assertThat(count("dash.current")).isZero();
        assertThat(count("dash.services")).isZero();

        insert(Records.record("sluice.current.v1", 3, Records.current("v2")));
        assertThat(one("SELECT * FROM dash.current").path("version").textValue())
                .isEqualTo("v2");
    }

    @Test
    void quartersFromFacts_countOnlyWhatCounts() {
        insert(Records.fact("deployment", 1, Records.deployment("d1", FEBRUARY)));
        insert(Records.fact("deployment", 2, Records.deployment("d2", FEBRUARY.plusSeconds(60))));
        insert(Records.fact("deployment", 3, Records.deployment("d3", FEBRUARY.plus(Duration.ofDays(1)))));
        insert(Records.fact("deployment", 4, Records.deployment("d4", FEBRUARY).put("counted", false)));
        insert(Records.fact("deployment", 5, Records.deployment("d5", FEBRUARY).put("deleted", true)));
        insert(Records.fact("deployment", 6, Records.deployment("d6", Instant.parse("2024-04-01T00:00:00Z"))));
        long[] leadTimes = {1000, 2000, 4000, 9001};
        for (int i = 0; i < leadTimes.length; i++) {
            insert(Records.fact("change", 10 + i, Records.change("sha" + i, FEBRUARY, leadTimes[i])));
        }
        insert(Records.fact("change", 20, Records.change("merge", FEBRUARY, 5).put("counted", false)));

        List<JsonNode> quarters = probe.query("SELECT * FROM dash.quarters_from_facts ORDER BY label");

        assertThat(quarters).extracting(row -> row.path("label").textValue()).containsExactly("2024-Q1", "2024-Q2");
        JsonNode first = quarters.get(0);
        assertThat(first.path("deployments").intValue()).isEqualTo(3);
        assertThat(first.path("deploy_days").intValue()).isEqualTo(2);
        assertThat(first.path("lead_n").intValue()).isEqualTo(4);
        assertThat(first.path("lead_median_ms").doubleValue()).isEqualTo(3000);
        assertThat(first.path("lead_p90_ms").doubleValue()).isCloseTo(4000 + 0.7 * 5001, within(1e-6));
        assertThat(quarters.get(1).path("deployments").intValue()).isEqualTo(1);
        assertThat(quarters.get(1).path("lead_median_ms").isNull()).isTrue();
    }

    @Test
    void quartersFromFacts_countFailuresWhereTheyEnded_andRecoveriesWhereTheyWereRestored() {
        Instant march = Instant.parse("2024-03-31T23:00:00Z");
        Instant april = Instant.parse("2024-04-01T01:00:00Z");
        insert(Records.fact("deployment", 1, failure("d1", FEBRUARY, FEBRUARY.plusSeconds(60), 1000)));
        insert(Records.fact("deployment", 2, failure("d2", FEBRUARY, FEBRUARY.plusSeconds(60), 4000)));
        insert(Records.fact("deployment", 3, failure("d3", march, april, 7_200_000)));
        insert(Records.fact(
                "deployment",
                4,
                failure("open", march, april, 1).putNull("restored_at").putNull("recovery_ms")));
        insert(Records.fact(
                "deployment", 5, failure("skewed", march, FEBRUARY, 1).putNull("recovery_ms")));
        insert(Records.fact("deployment", 6, good("d6", march)));
        insert(Records.fact("deployment", 7, good("rollback", march).put("fail_rate_counted", false)));
        insert(Records.fact("deployment", 8, failure("gone", march, march, 1).put("deleted", true)));
        insert(Records.fact("incident", 9, unattributed("i1", march)));
        insert(Records.fact("incident", 10, unattributed("i2", april)));
        insert(Records.fact("incident", 11, unattributed("i3", april)));
        insert(Records.fact("incident", 12, unattributed("cloud", march).put("change_caused", false)));
        insert(Records.fact("incident", 13, Records.incident("linked", march)));
        insert(Records.fact("incident", 14, unattributed("gone", march).put("deleted", true)));
        insert(Records.fact("pull_request", 15, Records.pullRequest("1", march, 10)));
        insert(Records.fact("pull_request", 16, Records.pullRequest("2", march, 31)));
        insert(Records.fact(
                "pull_request", 17, Records.pullRequest("3", march, 99).put("counted", false)));

        List<JsonNode> quarters = probe.query("SELECT * FROM dash.quarters_from_facts ORDER BY label");

        assertThat(quarters).extracting(row -> row.path("label").textValue()).containsExactly("2024-Q1", "2024-Q2");
        JsonNode first = quarters.get(0);
        assertThat(first.path("fail_rate_n").intValue()).isEqualTo(6);
        assertThat(first.path("failed").intValue()).isEqualTo(5);
        assertThat(first.path("unattributed").intValue()).isEqualTo(1);
        assertThat(first.path("recovery_n").intValue()).isEqualTo(2);
        assertThat(first.path("recovery_median_ms").doubleValue()).isEqualTo(2500);
        assertThat(first.path("pull_request_n").intValue()).isEqualTo(2);
        assertThat(first.path("pull_request_median_ms").doubleValue()).isEqualTo(20.5);
        JsonNode second = quarters.get(1);
        assertThat(second.path("fail_rate_n").intValue()).isZero();
        assertThat(second.path("unattributed").intValue()).isEqualTo(2);
        assertThat(second.path("recovery_n").intValue()).isEqualTo(1);
        assertThat(second.path("recovery_median_ms").doubleValue()).isEqualTo(7_200_000);
        assertThat(second.path("pull_request_median_ms").isNull()).isTrue();
    }

    @Test
    void seriesHoldsNullWhereThereIsNoValue() {
        ObjectNode period = quarter("2024-Q1", 1);
        ((ObjectNode) period.at("/metrics/change_lead_time"))
                .putNull("median_ms")
                .put("n", 0);
        insert(Records.record("sluice.periods.v1", 1, period));

        List<JsonNode> series = probe.query("SELECT * FROM dash.dora_series ORDER BY metric");

        assertThat(series)
                .extracting(row -> row.path("metric").textValue())
                .containsExactly(
                        "change_fail_rate",
                        "change_lead_time",
                        "configuration_drift",
                        "deployment_frequency",
                        "deployment_rework_rate",
                        "deployment_success_rate",
                        "failed_deployment_recovery_time",
                        "mean_time_to_deploy",
                        "pull_request_lead_time");
        assertThat(series)
                .extracting(point -> Stream.of("value", "n", "lower", "upper")
                        .map(column -> point.path(column).asText())
                        .collect(Collectors.joining(" ")))
                .containsExactly(
                        "0.1875 16 0.0625 0.5",
                        "null 0 null null",
                        "0.25 288 null null",
                        "0.25 2 0.125 0.5",
                        "0.25 8 0.0625 0.75",
                        "0.5 4 null null",
                        "1800 9 600 3600",
                        "120.0005 3 null null",
                        "7200.0005 7 3.6 9.6");
    }

    @Test
    void periodsAreReadBackAsTheyWereWritten_inTheRangeAskedFor() {
        for (int quarter = 1; quarter <= 4; quarter++) {
            insert(Records.record("sluice.periods.v1", quarter, quarter("2024-Q" + quarter, quarter)));
        }
        DoraReader reader = store.dora();

        List<PeriodRow> all = periods(reader, null, null);
        assertThat(all).extracting(PeriodRow::label).containsExactly("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4");
        PeriodRow first = all.get(0);
        assertThat(first.period()).isEqualTo(PeriodKind.QUARTER);
        assertThat(first.end()).isEqualTo(LocalDate.of(2024, 4, 1));
        assertThat(first.computedAt()).isEqualTo(Instant.parse("2026-03-01T10:00:00.500Z"));
        assertThat(first.metrics().deploymentFrequency().perDayInterval()).isEqualTo(new Interval(0.125, 0.5));
        assertThat(first.metrics().deploymentFrequency().medianDeployDaysPerWeek())
                .isEqualTo(1.5);
        assertThat(first.metrics().changeLeadTime().medianInterval()).isNull();
        assertThat(first.metrics().pullRequestLeadTime())
                .isEqualTo(new DeliveryMetrics.PullRequestLeadTime(
                        7,
                        7_200_000.5,
                        new Interval(3600, 9600),
                        8_200_000.0,
                        100.0,
                        10.0,
                        20.0,
                        30.0,
                        40.0,
                        1,
                        2,
                        3,
                        null));
        assertThat(first.metrics().changeFailRate())
                .isEqualTo(new DeliveryMetrics.ChangeFailRate(
                        16,
                        0.1875,
                        new Interval(0.0625, 0.5),
                        3,
                        2,
                        1,
                        3,
                        4,
                        5,
                        6,
                        Instant.parse("2026-03-04T10:00:00Z"),
                        null));
        assertThat(first.metrics().failedDeploymentRecoveryTime())
                .isEqualTo(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                        9,
                        1_800_000.0,
                        new Interval(600_000, 3_600_000),
                        4_000_000.0,
                        2_000_000.5,
                        1,
                        8,
                        7_000_000.0,
                        11,
                        5_000_000.0,
                        null));
        assertThat(first.metrics().configurationDrift())
                .isEqualTo(new DeliveryMetrics.ConfigurationDrift(
                        86_400_000,
                        0.25,
                        21_600_000,
                        288,
                        4,
                        4.5,
                        6,
                        5_400_000.0,
                        new Interval(1_800_000, 7_200_000),
                        null));
        assertThat(first.metrics().deploymentReworkRate())
                .isEqualTo(new DeliveryMetrics.DeploymentReworkRate(8, 0.25, new Interval(0.0625, 0.75), 2, null));
        assertThat(first.metrics().meanTimeToDeploy())
                .isEqualTo(new DeliveryMetrics.MeanTimeToDeploy(
                        3, 120_000.5, 90_000.0, new Interval(1000, 2000), 180_000.0, 1, 2, 500.0, 1, 600.0, null));
        assertThat(first.metrics().changeLeadTime().medianMs()).isEqualTo(5_400_000.5);
        assertThat(first.metrics().changeLeadTime().p90Ms()).isNull();
        assertThat(first.metrics().deploymentFrequency().redeploy()).isEqualTo(3);
        assertThat(first.metrics().deploymentSuccessRate().timedOut()).isEqualTo(6);
        assertThat(periods(reader, LocalDate.of(2024, 3, 31), LocalDate.of(2024, 7, 1)))
                .extracting(PeriodRow::label)
                .containsExactly("2024-Q1", "2024-Q2", "2024-Q3");
        assertThat(periods(reader, LocalDate.of(2024, 4, 1), LocalDate.of(2024, 6, 30)))
                .extracting(PeriodRow::label)
                .containsExactly("2024-Q2");
        assertThat(periods(reader, LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31)))
                .as("a range that the column type cannot hold")
                .hasSize(4);
        assertThat(reader.periods("other", "checkout", "production", PeriodKind.QUARTER, null, null))
                .isEmpty();
    }

    @Test
    void valuesAreParametersAndNeverSql() {
        String hostile = "x' OR 1=1 -- \\ \t\r\n\0\" {tenant:String} ?";
        insert(Records.record("sluice.periods.v1", 1, quarter("2024-Q1", 1).put("service", hostile)));

        assertThat(store.dora().periods("default", hostile, "production", PeriodKind.QUARTER, null, null))
                .extracting(PeriodRow::service)
                .containsExactly(hostile);
        assertThat(store.dora().periods("default", "x' OR 1=1 -- ", "production", PeriodKind.QUARTER, null, null))
                .isEmpty();
    }

    @Test
    void storedThrough_isTheLeastOfACompleteGeneration() {
        DoraReader reader = store.dora();
        assertThat(reader.storedThrough()).isEmpty();

        insert(RowMapper.progress(100, 0, 2, FEBRUARY));
        assertThat(reader.storedThrough()).as("one of two writers").isEmpty();

        insert(RowMapper.progress(100, 1, 2, FEBRUARY.plusSeconds(5)));
        insert(RowMapper.progress(100, 0, 2, FEBRUARY.plusSeconds(3)));
        insert(RowMapper.progress(100, 0, 2, FEBRUARY.plusSeconds(2)));
        assertThat(reader.storedThrough()).contains(FEBRUARY.plusSeconds(3));

        insert(RowMapper.progress(200, 0, 2, FEBRUARY.plusSeconds(60)));
        assertThat(reader.storedThrough())
                .as("the new generation is not complete")
                .contains(FEBRUARY.plusSeconds(3));

        insert(RowMapper.progress(200, 1, 2, FEBRUARY.plusSeconds(61)));
        assertThat(reader.storedThrough()).contains(FEBRUARY.plusSeconds(60));
    }

    @Test
    void deliveryIsFoundWithWhatBecameOfIt() {
        for (long offset = 10; offset < 14; offset++) {
            insert(Records.raw(offset, "{}".getBytes(StandardCharsets.UTF_8)));
        }
        insert(Records.record("sluice.events.v1", 1, Records.event("e2", "d-1-10")));
        insert(Records.record("sluice.events.v1", 2, Records.event("e1", "d-1-10")));
        insert(Records.record("sluice.events.v1", 3, Records.event("e1", "d-1-10")));
        insert(Records.record("sluice.dead-letters.v1", 1, Records.deadLetter("d-1-11", "DEAD_LETTER")));
        insert(Records.record("sluice.dead-letters.v1", 2, Records.deadLetter("d-1-12", "DUPLICATE")));
        insert(RowMapper.offset("sluice.raw.v1", 1, 14));
        insert(RowMapper.offset("sluice.raw.v1", 1, 12));
        insert(RowMapper.offset("sluice.raw.v1", 0, 99));
        DeliveryReader reader = store.deliveries();

        StoredDelivery events = found(reader.find("default", 1, 10, null));
        assertThat(events.outcome()).isEqualTo(Outcome.EVENTS);
        assertThat(events.events()).extracting(DerivedEvent::id).containsExactly("e1", "e2");
        assertThat(events.receivedAt()).isEqualTo(Records.APPENDED_AT);
        assertThat(events.connection()).isEqualTo("hub");
        assertThat(events.principal()).isEqualTo("local");
        assertThat(events.events()).extracting(DerivedEvent::correction).containsOnlyNulls();
        StoredDelivery dead = found(reader.find("default", 1, 11, null));
        assertThat(dead.outcome()).isEqualTo(Outcome.DEAD_LETTER);
        assertThat(dead.reason()).isEqualTo("MALFORMED_JSON");
        assertThat(dead.pointer()).isEqualTo("/a");
        assertThat(found(reader.find("default", 1, 12, null)).outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(found(reader.find("default", 1, 13, null)).outcome()).isEqualTo(Outcome.PENDING);
        assertThat(reader.find("default", 1, 9, null)).isInstanceOf(DeliveryLookup.Unknown.class);
        assertThat(reader.find("other", 1, 10, null)).isInstanceOf(DeliveryLookup.Unknown.class);
        assertThat(reader.find("default", 1, 14, null)).isInstanceOf(DeliveryLookup.NotStoredYet.class);
        assertThat(found(reader.find("default", 1, 10, Records.APPENDED_AT)).events())
                .hasSize(2);
        assertThat(reader.find("default", 1, 10, Records.APPENDED_AT.plusMillis(1)))
                .as("the place is that of a Kafka of before")
                .isInstanceOf(DeliveryLookup.NotStoredYet.class);
        assertThat(reader.find("default", 5, 0, null)).isInstanceOf(DeliveryLookup.NotStoredYet.class);
        assertThat(probe.query("SELECT status, events FROM dash.deliveries ORDER BY id"))
                .extracting(row -> row.path("status").textValue() + " " + row.path("events"))
                .containsExactly("events 2", "dead_letter 0", "duplicate 0", "pending 0");
    }

    @Test
    void correctionIsFoundWithWhoMadeItAndWhy() {
        insert(Records.raw(10, "{}".getBytes(StandardCharsets.UTF_8)));
        insert(Records.record("sluice.events.v1", 1, Records.correction("e1", "d-1-10", "OPS-12")));
        insert(Records.record("sluice.events.v1", 2, Records.correction("e2", "d-1-10", null)));

        assertThat(found(store.deliveries().find("default", 1, 10, null)).events())
                .extracting(DerivedEvent::correction)
                .containsExactly(
                        new Correction("mia", "the \"disk\" was full", "OPS-12"),
                        new Correction("mia", "the \"disk\" was full", null));
    }

    @Test
    void bodyOfADeliveryIsArchivedByteForByte() {
        byte[] body = {'{', '"', '\\', '\n', '\t', 0, (byte) 0xff, (byte) 0xc3, (byte) 0x28, (byte) 0x80, '}'};

        insert(Records.raw(1, body));
        insert(Records.raw(1, body));

        assertThat(one("SELECT hex(body) AS body FROM sluice.deliveries FINAL")
                        .path("body")
                        .textValue())
                .isEqualToIgnoringCase(HexFormat.of().formatHex(body));
    }

    @Test
    void refusedRowsAreNamed_andAllOthersAreStored() {
        List<byte[]> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(RowMapper.rows(Records.fact("deployment", i, Records.deployment("d" + i, FEBRUARY)))
                    .get(0)
                    .json());
        }
        rows.set(17, "{\"commits\":\"many\"}".getBytes(StandardCharsets.UTF_8));
        rows.set(49, "{\"no_such_column\":1}".getBytes(StandardCharsets.UTF_8));

        List<Store.RefusedRow> refused = store.insert(Table.DEPLOYMENTS, rows);

        assertThat(refused).extracting(Store.RefusedRow::index).containsExactly(17, 49);
        assertThat(refused.get(1).reason()).contains("no_such_column");
        assertThat(count("dash.deployments")).isEqualTo(48);
    }

    @Test
    void storeThatIsAway_isUnavailableAtOnce() {
        URI nowhere = URI.create("http://127.0.0.1:" + FreePorts.pick());
        long started = System.nanoTime();
        try (Store away = Store.of(ClickHouseSettings.at(nowhere))) {
            assertThatThrownBy(() -> away.dora().storedThrough())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining(nowhere.toString());
            assertThatThrownBy(() -> away.deliveries().find("default", 0, 0, null))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> away.insert(Table.CURRENT, List.of(new byte[] {'{', '}'})))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(away::migrate).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void readerDoesNotNoticeThatClickHouseWasStartedAgain(@TempDir Path own) {
        ClickHouseServer first = ClickHouseServer.start(ClickHouseConfig.in(own));
        try (Store reader = Store.of(ClickHouseSettings.at(first.httpUrl()))) {
            reader.migrate();
            reader.insert(
                    Table.STORE_PROGRESS,
                    List.of(RowMapper.progress(1, 0, 1, FEBRUARY).json()));
            assertThat(reader.dora().storedThrough()).contains(FEBRUARY);
            first.close();

            try (var second =
                    ClickHouseServer.start(ClickHouseConfig.in(own).withPorts(first.httpPort(), first.tcpPort()))) {
                assertThat(second.isAlive()).isTrue();
                assertThat(reader.dora().storedThrough()).contains(FEBRUARY);
            }
        } finally {
            first.close();
        }
    }

    @Test
    void storeThatNeverAnswers_isUnavailableAfterTheTimeout() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Store slow = Store.of(ClickHouseSettings.at(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                        .withQueryTimeout(Duration.ofMillis(300)))) {
            long started = System.nanoTime();
            assertThatThrownBy(() -> slow.dora().storedThrough()).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(3));
        }
    }

    @Test
    void wrongPasswordIsUnavailableAndNotPrinted() {
        try (Store stranger = Store.of(ClickHouseSettings.at(server.httpUrl()).withUser("nobody", "hunter2"))) {
            assertThatThrownBy(() -> stranger.dora().storedThrough())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("error 516")
                    .hasMessageNotContaining("hunter2");
        }
    }

    private static List<PeriodRow> periods(DoraReader reader, @Nullable LocalDate from, @Nullable LocalDate to) {
        return reader.periods("default", "checkout", "production", PeriodKind.QUARTER, from, to);
    }

    private static ObjectNode quarter(String label, int number) {
        LocalDate start = LocalDate.of(2024, 3 * number - 2, 1);
        return Records.period("QUARTER", label, start, start.plusMonths(3));
    }

    private static ObjectNode good(String id, Instant finishedAt) {
        return Records.deployment(id, finishedAt)
                .put("failed", false)
                .putNull("restored_at")
                .putNull("recovery_ms");
    }

    private static ObjectNode failure(String id, Instant finishedAt, Instant restoredAt, long recoveryMs) {
        return Records.deployment(id, finishedAt)
                .put("restored_at", restoredAt.toString())
                .put("restored_day", restoredAt.toString().substring(0, 10))
                .put("recovery_ms", recoveryMs);
    }

    private static ObjectNode unattributed(String id, Instant startedAt) {
        ObjectNode incident = Records.incident(id, startedAt).putNull("rule").put("unattributed_reason", "TOO_LATE");
        incident.putArray("deployment_ids");
        return incident;
    }

    /** The columns of the only row that hold metrics. */
    private static JsonNode metricColumns(String from) {
        ObjectNode row = one("SELECT * FROM " + from).deepCopy();
        row.remove(List.of(
                "period", "label", "zone", "start", "end", "provisional", "days", "as_of_day", "from_day", "to_day"));
        row.remove(List.of("tenant", "service", "environment", "computed_at", "is_deleted", "stored_at"));
        return row.remove(List.of("row_generation", "row_partition", "row_offset", "appended_at"));
    }

    private static TopicRecord generation(String generation, long offset, String version) {
        return Records.record(
                "sluice.current.v1", offset, "k", Map.of("sluice-generation", generation), Records.current(version));
    }

    private static StoredDelivery found(DeliveryLookup lookup) {
        return lookup.fold(
                delivery -> delivery,
                () -> {
                    throw new AssertionError("not stored yet");
                },
                () -> {
                    throw new AssertionError("unknown");
                });
    }

    private static void insert(TopicRecord record) {
        RowMapper.rows(record).forEach(StoreIT::insert);
    }

    private static void insert(StoredRow row) {
        assertThat(store.insert(row.table(), List.of(row.json()))).isEmpty();
    }

    private static JsonNode one(String sql) {
        List<JsonNode> rows = probe.query(sql);
        assertThat(rows).as(sql).hasSize(1);
        return rows.get(0);
    }

    private static int count(String view) {
        return one("SELECT count() AS n FROM " + view).path("n").intValue();
    }
}
