package dev.sluice.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records of the topics as the jobs write them. */
final class Records {
    static final Instant APPENDED_AT = Instant.parse("2026-03-01T10:00:00.125Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Records() {}

    static ObjectNode deployment(String id, Instant finishedAt) {
        ObjectNode row = object("""
                {"tenant":"default","service":"checkout","environment":"production","result":"SUCCESS",
                "kind":"FORWARD","counted":true,"excluded_reason":null,"seed":false,"queued_at":null,
                "started_at":"2024-02-01T09:59:00Z","version":"v1","repository":"shop","sha":"abc","digest":null,
                "group_id":null,"remediates":null,"remediates_deployment_id":null,"planned":false,"rework_rate_counted":true,"rework":true,
                "fail_rate_counted":true,"failed":true,"failure_rules":["TIME","ROLLED_BACK"],"incident_ids":["i1"],
                "failure_distance_ms":7200000,"impact":null,"impact_started_at":"2024-02-01T12:00:00Z",
                "restored_at":"2024-02-01T12:30:00Z","recovery_ms":1800000,"failure_lifetime_ms":9000000,
                "deploy_time_ms":60000,"queue_time_ms":null,"time_to_success_ms":90000,"commits":3,
                "flags":["RANGE_INFERRED"],"deleted":false,"computed_at":"2026-03-01T10:00:00Z"}""");
        return row.put("id", id)
                .put("finished_at", finishedAt.toString())
                .put("finished_day", day(finishedAt))
                .put("restored_day", "2024-02-01");
    }

    static ObjectNode change(String sha, Instant finishedAt, long leadTimeMs) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production","repository":"shop",
                "deployment_id":"d1","authored_at":"2024-01-31T09:59:00.001Z","counted":true,"excluded_reason":null,
                "deleted":false,"computed_at":"2026-03-01T10:00:00Z"}""")
                .put("sha", sha)
                .put("finished_at", finishedAt.toString())
                .put("finished_day", day(finishedAt))
                .put("lead_time_ms", leadTimeMs);
    }

    static ObjectNode incident(String id, Instant startedAt) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production",
                "resolved_at":"2024-02-01T12:30:00Z","closed_gap_ms":60000,"severity":"major","title":"Payments fail",
                "change_caused":true,"rule":"TIME","deployment_ids":["d1","d2"],"distance_ms":7200000,
                "unattributed_reason":null,"time_to_restore_ms":1740000,"deleted":false,
                "computed_at":"2026-03-01T10:00:00Z"}""").put("id", id).put("started_at", startedAt.toString()).put("started_day", day(startedAt));
    }

    static ObjectNode pullRequest(String id, Instant finishedAt, long leadTimeMs) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production","repository":"shop",
                "title":"Pay by card","deployment_id":"d1","first_commit_at":"2024-01-30T10:00:00Z",
                "ready_at":"2024-01-31T10:00:00Z","first_review_at":"2024-01-31T11:00:00Z",
                "merged_at":"2024-01-31T12:00:00Z","coding_ms":1,"pickup_ms":2,"review_ms":3,"deploy_ms":4,
                "counted":true,"excluded_reason":null,"flags":["SQUASHED"],"deleted":false,
                "computed_at":"2026-03-01T10:00:00Z"}""")
                .put("id", id)
                .put("finished_at", finishedAt.toString())
                .put("finished_day", day(finishedAt))
                .put("lead_time_ms", leadTimeMs);
    }

    static ObjectNode driftEpisode(String resource, Instant openedAt) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production",
                "closed_at":"2024-02-01T11:00:00Z","reconcile_ms":3600000,"last_check_at":"2024-02-01T11:00:00Z",
                "checks":12,"fingerprints":["a","b"],"detectors":["argocd"],"deleted":false,
                "computed_at":"2026-03-01T10:00:00Z"}""").put("resource", resource).put("opened_at", openedAt.toString());
    }

    static ObjectNode shift(String metric, String began) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production","direction":"DETERIORATION",
                "detected":"2024-02-20T10:00:00.000Z","reported_at":"2024-02-24T00:00:00Z","before_n":90,
                "before_value":0.125,"before_lower":0.0625,"before_upper":0.25,"after_n":7,"after_value":0.5,
                "after_lower":null,"after_upper":null,"log_evidence":5.5,"withdrawn":true,
                "withdrawn_at":"2024-03-01T00:00:00Z","moved_to":"2024-02-02T10:00:00.000Z","deleted":false,
                "computed_at":"2026-03-01T10:00:00Z"}""").put("metric", metric).put("began", began);
    }

    static ObjectNode serviceSettings(String service) {
        return object("""
                {"tenant":"default","zone":"Europe/Berlin","link_window_ms":86400000,"deleted":false,
                "computed_at":"2026-03-01T10:00:00Z"}""").put("service", service);
    }

    static ObjectNode assignment(String kind, String subject, String value, String fromDay) {
        return object("""
                {"tenant":"default","valid_to":null,"deleted":false,"computed_at":"2026-03-01T10:00:00Z"}""")
                .put("kind", kind)
                .put("subject", subject)
                .put("value", value)
                .put("from_day", fromDay)
                .put("valid_from", fromDay + "T00:00:00Z");
    }

    /** The day in UTC. */
    private static String day(Instant at) {
        return at.toString().substring(0, 10);
    }

    static ObjectNode period(String kind, String label, LocalDate start, LocalDate end) {
        ObjectNode row = object("""
                {"tenant":"default","service":"checkout","environment":"production","zone":"UTC",
                "provisional":false,"computed_at":"2026-03-01T10:00:00.5Z"}""")
                .put("period", kind)
                .put("label", label)
                .put("start", start.toString())
                .put("end", end.toString());
        row.set("metrics", metrics(2, 5400000.5));
        return row;
    }

    static ObjectNode dora() {
        ObjectNode row = object("""
                {"tenant":"default","service":"checkout","environment":"production","zone":"Europe/Berlin",
                "as_of_day":"2026-03-01","computed_at":"2026-03-01T10:00:00Z"}""");
        for (int days : new int[] {7, 30, 90}) {
            ObjectNode window = row.withArray("windows").addObject();
            window.put("days", days)
                    .put("from", LocalDate.of(2026, 3, 2).minusDays(days).toString())
                    .put("to", "2026-03-01");
            window.set("metrics", metrics(days, null));
        }
        return row;
    }

    static ObjectNode current(String version) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production","deployment_id":"d1","sha":"abc",
                "digest":null,"since":"2024-02-01T10:00:00Z","previous_version":null,"previous_deployment_id":null,
                "open_failures":2,"oldest_open_failure_at":"2024-02-01T09:00:00Z","open_incidents":3,
                "open_incidents_by_severity":{"":1,"sev1":2},"drifted":true,
                "last_drift_check_at":"2024-02-01T09:30:00Z","deleted":false,"computed_at":"2026-03-01T10:00:00Z"}""").put("version", version);
    }

    static ObjectNode event(String id, String delivery) {
        ObjectNode row = object("""
                {"specversion":"1.0","source":"github","type":"dev.cdeventsx.sluice-commit.recorded.0.1.0",
                "subject":"abc","time":"2024-02-01T09:59:00Z","sluicetenant":"default",
                "sluicereceivedat":"2026-03-01T10:00:00.125Z","data":{"subject":{"id":"abc"}}}""");
        return row.put("id", id).put("sluicedelivery", delivery);
    }

    static ObjectNode correction(String id, String delivery, @Nullable String ticket) {
        ObjectNode event = event(id, delivery);
        ((ObjectNode) event.path("data"))
                .putObject("customData")
                .putObject("sluice")
                .putObject("correction")
                .put("principal", "mia")
                .put("reason", "the \"disk\" was full")
                .put("ticket", ticket);
        return event;
    }

    static ObjectNode deadLetter(String delivery, String disposition) {
        return object("""
                {"tenant":"default","source":"github","connection":"hub","delivery_key":"k1","event":"push",
                "reason":"MALFORMED_JSON","detail":"The body is not JSON.","pointer":"/a",
                "received_at":"2026-03-01T10:00:00.125Z"}""").put("delivery", delivery).put("disposition", disposition);
    }

    static ObjectNode decision(String id) {
        return object("""
                {"gate":"release","tenant":"default","service":"checkout","environment":"production",
                "artifact":{"version":"v1","digest":null,"commit":"abc"},"decision":"deny","allowed":false,
                "status":"TERMINAL","reason":"The success rate is below 90 %.","score":null,"progress":"",
                "policies":[],"rules":[{"policy":"p","rule":"rate","mode":"enforce","outcome":"deny",
                "reason":"0.5 < 0.9","metric":"deployment_success_rate","window":"30d","operator":">=",
                "threshold":0.9,"value":0.5,"n":4}],"inputs":[],
                "freshness":{"age_ms":120,"limit_ms":60000,"stale":false},
                "decided_at":"2026-03-01T10:00:00Z","expires_at":null,"principal":"local"}""").put("id", id);
    }

    static ObjectNode canaryBucket(String tenant, String run, String begin) {
        return object("{\"metrics\":{\"errors\":{\"kind\":\"gauge\",\"baseline\":1.5,\"canary\":null}}}")
                .put("tenant", tenant)
                .put("run", run)
                .put("begin", begin);
    }

    static ObjectNode canaryEvidence(String run, String at) {
        return object("""
                {"tenant":"default","service":"checkout","environment":"production","baseline_version":"1.4.1",
                "canary_version":null,"config_digest":"sha256:0","alpha":0.02,"started_at":"2026-03-01T10:00:00Z","ended":false,
                "doubts":["late"],"condition":null,"twin":"Running","verdict":{"state":"Running",
                "at":"2026-03-01T10:05:00Z","reasons":["errors: so far"],"notes":[],"log_e":1.5,"log_e_to_fail":4.6,
                "log_e_to_pass":3,"seconds_to_pass":90.5,"seconds_to_fail":null,"metrics":[
                {"name":"errors","kind":"ratio","verdict":"Running","direction":"increase","estimate":1.2,
                "interval":[0.9,null],"tolerance":0.1,"margin":0.5,"log_e_fail":1.5,"log_e_pass":null,
                "baseline":{"n":1000,"events":10},"canary":{"n":500,"events":6},"reason":"so far",
                "resolution_floor":null},
                {"name":"latency","kind":"histogram","verdict":"Pending","direction":"increase","estimate":null,
                "interval":[null,null],"tolerance":0.05,"margin":0.2,"log_e_fail":0,"log_e_pass":0,
                "baseline":{"n":0,"events":null},"canary":{"n":0,"events":null},"reason":"no data",
                "resolution_floor":0.1}]}}""").put("run", run).put("at", at);
    }

    /** The evidence of another state of the run. */
    static ObjectNode withState(ObjectNode evidence, String state) {
        ((ObjectNode) evidence.get("verdict")).put("state", state);
        return evidence;
    }

    static ObjectNode progress(Instant at) {
        return object("{\"job\":\"dora\",\"partition\":1,\"generation\":1700000000000}")
                .put("at", at.toString());
    }

    static Map<String, String> rawHeaders() {
        return Map.of(
                "sluice-tenant", "default",
                "sluice-source", "github",
                "sluice-connection", "hub",
                "sluice-delivery-key", "k1",
                "sluice-event", "push",
                "sluice-principal", "local",
                "content-type", "application/json",
                "sluice-received-at", "1772359200100");
    }

    static TopicRecord record(String topic, long offset, JsonNode value) {
        return record(topic, offset, null, Map.of(), value);
    }

    static TopicRecord record(
            String topic, long offset, @Nullable String key, Map<String, String> headers, JsonNode value) {
        return new TopicRecord(
                topic, 1, offset, APPENDED_AT, key, headers, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    static TopicRecord fact(String kind, long offset, JsonNode value) {
        return record("sluice.facts.v1", offset, null, Map.of("sluice-fact", kind), value);
    }

    static TopicRecord raw(long offset, byte[] body) {
        return new TopicRecord("sluice.raw.v1", 1, offset, APPENDED_AT, "k", rawHeaders(), body);
    }

    static JsonNode json(StoredRow row) {
        try {
            return MAPPER.readTree(row.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode metrics(int count, @Nullable Double medianMs) {
        ObjectNode metrics = object("""
                {"deployment_frequency":{"per_day":0.25,"per_day_interval":{"lower":0.125,"upper":0.5},
                "deploy_days":2,"whole_weeks":12,"median_deploy_days_per_week":1.5,"median_gap_ms":null,
                "forward":1,"config":1,"rollback":0,"redeploy":3},
                "change_lead_time":{"n":4,"median_interval":null,"p90_ms":null,"clock_skew":1,
                "range_incomplete":2,"reason":null},
                "pull_request_lead_time":{"n":7,"median_ms":7200000.5,"median_interval":{"lower":3600,"upper":9600},
                "p90_ms":8200000,"mean_ms":100,"coding_mean_ms":10,"pickup_mean_ms":20,"review_mean_ms":30,
                "deploy_mean_ms":40,"without_commits":1,"clock_skew":2,"deployed_before_merge":3,"reason":null},
                "change_fail_rate":{"n":16,"value":0.1875,"interval":{"lower":0.0625,"upper":0.5},"failed":3,
                "linked_by_time":2,"failed_within_day":1,"failed_within_three_days":3,"failed_within_week":4,
                "unattributed":5,"not_change_caused":6,"provisional_until":"2026-03-04T10:00:00Z","reason":null},
                "failed_deployment_recovery_time":{"n":9,"median_ms":1800000,
                "median_interval":{"lower":600000,"upper":3600000},"p90_ms":4000000,"mean_ms":2000000.5,
                "clock_skew":1,"lifetime_n":8,"lifetime_median_ms":7000000,"incident_n":11,
                "incident_median_ms":5000000,"reason":null},
                "configuration_drift":{"observed_ms":86400000,"drifted_share":0.25,"drifted_ms":21600000,
                "checks":288,"episodes":4,"episodes_per_day":4.5,"reconcile_n":6,"reconcile_median_ms":5400000,
                "reconcile_median_interval":{"lower":1800000,"upper":7200000},"reason":null},
                "deployment_rework_rate":{"n":8,"value":0.25,"interval":{"lower":0.0625,"upper":0.75},
                "rework":2,"reason":null},
                "deployment_success_rate":{"n":4,"value":0.5,"interval":null,"success":2,"failure":2,
                "cancelled":1,"skipped":5,"timed_out":6,"reason":null},
                "mean_time_to_deploy":{"n":3,"mean_ms":120000.5,"median_ms":90000,
                "median_interval":{"lower":1000,"upper":2000},"p90_ms":180000,"without_start":1,"queue_n":2,
                "queue_median_ms":500,"success_n":1,"time_to_success_median_ms":600,"reason":null}}""");
        ((ObjectNode) metrics.path("deployment_frequency")).put("count", count);
        ((ObjectNode) metrics.path("change_lead_time")).put("median_ms", medianMs);
        return metrics;
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
