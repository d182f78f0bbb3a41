package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowMapperTest {
    private static final Instant FINISHED = Instant.parse("2024-02-01T10:00:00.5Z");

    @Test
    void deploymentFactBecomesOneRowWithItsPosition() {
        TopicRecord record = Records.record(
                "sluice.facts.v1",
                42,
                null,
                Map.of("sluice-fact", "deployment", "sluice-generation", "1700000000000"),
                Records.deployment("d1", FINISHED));

        StoredRow row = only(record);

        assertThat(row.table()).isEqualTo(Table.DEPLOYMENTS);
        JsonNode json = Records.json(row);
        assertThat(json.path("id").textValue()).isEqualTo("d1");
        assertThat(json.path("finished_at").textValue()).isEqualTo("2024-02-01 10:00:00.500");
        assertThat(json.path("queued_at").isNull()).isTrue();
        assertThat(json.path("flags")).hasSize(1);
        assertThat(json.path("is_deleted").intValue()).isZero();
        assertThat(json.path("row_generation").longValue()).isEqualTo(1_700_000_000_000L);
        assertThat(json.path("row_partition").intValue()).isEqualTo(1);
        assertThat(json.path("row_offset").longValue()).isEqualTo(42);
        assertThat(json.path("appended_at").textValue()).isEqualTo("2026-03-01 10:00:00.125");
    }

    /** The days that schemas of corrections and events take, and the first that they do not. */
    @ParameterizedTest
    @CsvSource({"1970-01-02, ASSIGNMENTS", "2148-12-31, ASSIGNMENTS", "2149-01-01, UNREADABLE"})
    void assignmentIsOfADayThatTheColumnHolds(String day, Table table) {
        ObjectNode assignment = Records.assignment("SERVICE_TEAM", "checkout", "payments", day);

        assertThat(only(Records.record(
                                "sluice.facts.v1",
                                1,
                                "default/assignment/SERVICE_TEAM/checkout/d",
                                Map.of(),
                                assignment))
                        .table())
                .isEqualTo(table);
    }

    @Test
    void factWithoutHeaderIsKnownByItsKey() {
        ObjectNode change = Records.change("abc", FINISHED, 60_000);

        StoredRow row = only(
                Records.record("sluice.facts.v1", 1, "default/change/checkout/production/shop/abc", Map.of(), change));

        assertThat(row.table()).isEqualTo(Table.CHANGES);
        assertThat(Records.json(row).path("lead_time_ms").longValue()).isEqualTo(60_000);
    }

    @Test
    void factOfEachKindGoesIntoItsTable() {
        assertThat(List.of(
                        fact("default/deployment/checkout/production/d1", Records.deployment("d1", FINISHED)),
                        fact("default/change/checkout/production/shop/abc", Records.change("abc", FINISHED, 1)),
                        fact("default/incident/checkout/production/i1", Records.incident("i1", FINISHED)),
                        fact("default/pull_request/checkout/production/shop/7", Records.pullRequest("7", FINISHED, 1)),
                        fact(
                                "default/drift/checkout/production/vpc/2024-02-01T10:00:00.500Z",
                                Records.driftEpisode("vpc", FINISHED)),
                        fact(
                                "default/shift/checkout/production/change_fail_rate/DETERIORATION/2024-02-01T10:00:00Z",
                                Records.shift("change_fail_rate", "2024-02-01T10:00:00Z")),
                        fact("default/service/checkout", Records.serviceSettings("checkout")),
                        fact(
                                "default/assignment/SERVICE_TEAM/checkout/2024-02-01",
                                Records.assignment("SERVICE_TEAM", "checkout", "payments", "2024-02-01"))))
                .containsExactly(
                        Table.DEPLOYMENTS,
                        Table.CHANGES,
                        Table.INCIDENTS,
                        Table.PULL_REQUESTS,
                        Table.DRIFT_EPISODES,
                        Table.SHIFTS,
                        Table.SERVICE_SETTINGS,
                        Table.ASSIGNMENTS);
    }

    @Test
    void deletedIncidentNeedsNothingButItsIdentityAndItsCounts() {
        ObjectNode incident = Records.incident("i1", FINISHED).put("deleted", true);
        List.of("started_at", "resolved_at", "severity", "title", "rule", "time_to_restore_ms")
                .forEach(incident::putNull);

        StoredRow row = only(Records.fact("incident", 3, incident));

        assertThat(row.table()).isEqualTo(Table.INCIDENTS);
        assertThat(Records.json(row).path("is_deleted").intValue()).isEqualTo(1);
        assertThat(Records.json(row).path("started_at").isNull()).isTrue();
    }

    @Test
    void doraRowBecomesOneRowForEachWindow() {
        List<StoredRow> rows = RowMapper.rows(Records.record("sluice.dora.v1", 5, Records.dora()));

        assertThat(rows).hasSize(3).allMatch(row -> row.table() == Table.DORA_WINDOWS);
        JsonNode month = Records.json(rows.get(1));
        assertThat(month.path("days").intValue()).isEqualTo(30);
        assertThat(month.path("zone").textValue()).isEqualTo("Europe/Berlin");
        assertThat(month.path("from_day").textValue()).isEqualTo("2026-01-31");
        assertThat(month.path("deployment_frequency_count").intValue()).isEqualTo(30);
        assertThat(month.path("change_lead_time_median_ms").isNull()).isTrue();
        assertThat(month.path("deployment_success_rate_timed_out").intValue()).isEqualTo(6);
        assertThat(month.path("change_fail_rate_provisional_until").textValue()).isEqualTo("2026-03-04 10:00:00.000");
        assertThat(month.path("configuration_drift_reconcile_median_upper").doubleValue())
                .isEqualTo(7_200_000);
    }

    @Test
    void periodKindIsWrittenInLowerCase() {
        ObjectNode period = Records.period("QUARTER", "2024-Q1", LocalDate.of(2024, 1, 1), LocalDate.of(2024, 4, 1));

        JsonNode row = Records.json(only(Records.record("sluice.periods.v1", 5, period)));

        assertThat(row.path("period").textValue()).isEqualTo("quarter");
        assertThat(row.path("change_lead_time_median_ms").doubleValue()).isEqualTo(5_400_000.5);
    }

    @Test
    void bodyOfADeliveryPassesByteForByte() {
        byte[] body = {'{', '"', 'a', '\\', '\n', 0, (byte) 0xff, (byte) 0xc3, (byte) 0x28, '}'};

        StoredRow row = only(Records.raw(7, body));

        assertThat(row.table()).isEqualTo(Table.DELIVERIES);
        assertThat(new String(row.json(), StandardCharsets.ISO_8859_1))
                .contains("\"body\":\"{\\\"a\\\\\\n\\u0000\u00ff\u00c3(}\"")
                .contains("\"id\":\"d-1-7\"")
                .contains("\"accepted_at\":\"2026-03-01 10:00:00.100\"")
                .contains("\"received_at\":\"2026-03-01 10:00:00.125\"")
                .doesNotContain("\n");
    }

    @Test
    void decisionKeepsItsWholeBody() {
        ObjectNode decision = Records.decision("q1");

        JsonNode row = Records.json(only(Records.record("sluice.decisions.v1", 5, decision)));

        assertThat(row.path("artifact_commit").textValue()).isEqualTo("abc");
        assertThat(row.path("freshness_age_ms").longValue()).isEqualTo(120);
        assertThat(row.path("body").textValue()).isEqualTo(decision.toString());
    }

    @Test
    void canaryBucketKeepsItsWholeBody() {
        ObjectNode bucket = Records.canaryBucket("default", "r1", "2026-03-01T10:00:10Z");

        StoredRow row = only(Records.record("sluice.buckets.v1", 5, bucket));

        assertThat(row.table()).isEqualTo(Table.CANARY_BUCKETS);
        assertThat(Records.json(row).path("begin").textValue()).isEqualTo("2026-03-01 10:00:10.000");
        assertThat(Records.json(row).path("body").textValue()).isEqualTo(bucket.toString());
    }

    @Test
    void canaryEvidenceIsTheRunAndEachOfItsMetrics() {
        List<StoredRow> rows = RowMapper.rows(
                Records.record("sluice.evidence.v1", 5, Records.canaryEvidence("r1", "2026-03-01T10:05:00Z")));

        assertThat(rows)
                .extracting(StoredRow::table)
                .containsExactly(Table.CANARY_RUNS, Table.CANARY_EVIDENCE, Table.CANARY_EVIDENCE);
        JsonNode run = Records.json(rows.get(0));
        assertThat(run.path("state").textValue()).isEqualTo("Running");
        assertThat(run.path("baseline_version").textValue()).isEqualTo("1.4.1");
        assertThat(run.path("canary_version").isNull()).isTrue();
        assertThat(run.path("seconds_to_pass").doubleValue()).isEqualTo(90.5);
        JsonNode errors = Records.json(rows.get(1));
        assertThat(errors.path("metric").textValue()).isEqualTo("errors");
        assertThat(errors.path("at").textValue()).isEqualTo("2026-03-01 10:05:00.000");
        assertThat(errors.path("log_e_to_pass").doubleValue()).isEqualTo(3);
        assertThat(errors.path("lower").doubleValue()).isEqualTo(0.9);
        assertThat(errors.path("upper").isNull()).isTrue();
        assertThat(errors.path("scale").isNull()).isTrue();
        assertThat(errors.path("canary_events").doubleValue()).isEqualTo(6);
        assertThat(Records.json(rows.get(2)).path("resolution_floor").doubleValue())
                .isEqualTo(0.1);
    }

    @Test
    void theScaleOfAGaugeIsKept() {
        ObjectNode evidence = Records.canaryEvidence("r1", "2026-03-01T10:05:00Z");
        ((ObjectNode) evidence.at("/verdict/metrics/0")).put("kind", "gauge").put("scale", "linear");

        List<StoredRow> rows = RowMapper.rows(Records.record("sluice.evidence.v1", 5, evidence));

        assertThat(Records.json(rows.get(1)).path("scale").textValue()).isEqualTo("linear");
    }

    @Test
    void canaryEvidenceWithoutMetricsIsUnreadable() {
        ObjectNode evidence = Records.canaryEvidence("r1", "2026-03-01T10:05:00Z");
        ((ObjectNode) evidence.get("verdict")).remove("metrics");

        StoredRow row = only(Records.record("sluice.evidence.v1", 5, evidence));

        assertThat(row.table()).isEqualTo(Table.UNREADABLE);
        assertThat(Records.json(row).path("reason").textValue()).isEqualTo("/verdict/metrics must be a list");
    }

    @SuppressWarnings("NullAway") // javac 17 does not show it the annotation of an array in a class file
    @Test
    void heartbeatsAndTombstonesBecomeNothing() {
        var heartbeat = new TopicRecord(
                "sluice.raw.v1",
                0,
                1,
                Records.APPENDED_AT,
                "~heartbeat/0",
                Map.of("sluice-heartbeat", "1772359200000"),
                new byte[] {'{', '}'});
        var tombstone = new TopicRecord("sluice.dora.v1", 0, 2, Records.APPENDED_AT, "k", Map.of(), null);

        assertThat(RowMapper.rows(heartbeat)).isEmpty();
        assertThat(RowMapper.rows(tombstone)).isEmpty();
    }

    @Test
    void classesOfEnvironmentsAreForTheGateOnly() {
        var classes = new TopicRecord(
                "sluice.current.v1",
                0,
                1,
                Records.APPENDED_AT,
                "default/catalogue/environment/blue",
                Map.of("sluice-row", "environment-class"),
                new byte[] {'{', '}'});

        assertThat(RowMapper.rows(classes)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.facts.v1, finished_at, 3024-02-01T10:00:00Z, /finished_at must be a time of 1900 to 2298",
        "sluice.facts.v1, finished_at, yesterday, /finished_at Text 'yesterday' could not be parsed",
        "sluice.facts.v1, commits, 5, '/commits must be a count below 2^32, is string'",
        "sluice.facts.v1, counted, yes, '/counted must be true or false, is string'",
        "sluice.facts.v1, flags, x, '/flags must be a list, is string'",
    })
    void wrongValue_isUnreadableAndNamed(String topic, String field, String value, String reason) {
        ObjectNode row = Records.deployment("d1", FINISHED).put(field, value);

        StoredRow unreadable = only(Records.record(topic, 9, null, Map.of("sluice-fact", "deployment"), row));

        assertThat(unreadable.table()).isEqualTo(Table.UNREADABLE);
        JsonNode json = Records.json(unreadable);
        assertThat(json.path("reason").textValue()).startsWith(reason);
        assertThat(json.path("value").textValue()).isEqualTo(row.toString());
        assertThat(json.path("offset").longValue()).isEqualTo(9);
    }

    @Test
    void whatIsNotARow_isUnreadable() {
        assertThat(reason(record("sluice.dora.v1", "{\"tenant\"", Map.of()))).startsWith("not JSON");
        assertThat(reason(record("sluice.dora.v1", "", Map.of()))).isEqualTo("not a JSON object");
        assertThat(reason(record("sluice.dora.v1", "[]", Map.of()))).isEqualTo("not a JSON object");
        assertThat(reason(record("sluice.dora.v1", "{}", Map.of()))).isEqualTo("/windows must be a list");
        assertThat(reason(record("sluice.current.v1", "{}", Map.of()))).isEqualTo("/tenant is missing");
        assertThat(reason(record("sluice.current.v1", "{}", Map.of("sluice-row", "weather"))))
                .isEqualTo("unknown kind of current row: weather");
        assertThat(reason(record("sluice.facts.v1", "{}", Map.of()))).startsWith("fact without header");
        assertThat(reason(record("sluice.facts.v1", "{}", Map.of("sluice-fact", "weather"))))
                .isEqualTo("unknown kind of fact: weather");
        assertThat(reason(record("sluice.else.v1", "{}", Map.of()))).isEqualTo("unknown topic sluice.else.v1");
        assertThat(reason(new TopicRecord(
                        "sluice.progress.v1",
                        0,
                        3,
                        Records.APPENDED_AT,
                        null,
                        Map.of("sluice-generation", "soon"),
                        Records.progress(FINISHED).toString().getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("header sluice-generation must be a number of milliseconds");
    }

    @Test
    void deliveryWithoutAHeader_isUnreadableAndKeepsItsBody() {
        var headers = new HashMap<>(Records.rawHeaders());
        headers.remove("sluice-tenant");

        StoredRow row = only(record("sluice.raw.v1", "body", headers));

        assertThat(row.table()).isEqualTo(Table.UNREADABLE);
        assertThat(Records.json(row).path("reason").textValue()).isEqualTo("header sluice-tenant is missing");
        assertThat(Records.json(row).path("value").textValue()).isEqualTo("body");
    }

    private static Table fact(String key, ObjectNode value) {
        return only(Records.record("sluice.facts.v1", 1, key, Map.of(), value)).table();
    }

    private static TopicRecord record(String topic, String value, Map<String, String> headers) {
        return new TopicRecord(topic, 0, 3, Records.APPENDED_AT, null, headers, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String reason(TopicRecord record) {
        StoredRow row = only(record);
        assertThat(row.table()).isEqualTo(Table.UNREADABLE);
        return Records.json(row).path("reason").textValue();
    }

    private static StoredRow only(TopicRecord record) {
        List<StoredRow> rows = RowMapper.rows(record);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }
}
