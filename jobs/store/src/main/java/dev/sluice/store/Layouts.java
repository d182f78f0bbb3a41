package dev.sluice.store;

import static dev.sluice.store.Column.nullable;
import static dev.sluice.store.Column.required;
import static dev.sluice.store.ColumnKind.BIT;
import static dev.sluice.store.ColumnKind.COUNT;
import static dev.sluice.store.ColumnKind.COUNTS;
import static dev.sluice.store.ColumnKind.DAY;
import static dev.sluice.store.ColumnKind.FLAG;
import static dev.sluice.store.ColumnKind.INSTANT;
import static dev.sluice.store.ColumnKind.LOWER_CASE;
import static dev.sluice.store.ColumnKind.NUMBER;
import static dev.sluice.store.ColumnKind.SMALL;
import static dev.sluice.store.ColumnKind.TEXT;
import static dev.sluice.store.ColumnKind.TEXTS;
import static dev.sluice.store.ColumnKind.WHOLE;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import java.util.stream.Stream;

/** Which field of a row goes into which column, table by table. */
final class Layouts {
    private static final Column DELETED =
            new Column("is_deleted", JsonPointer.compile("/deleted"), BIT, Column.Absent.ZERO);

    /** Rows of before severities were told have none. */
    private static final Column OPEN_INCIDENTS_BY_SEVERITY = new Column(
            "open_incidents_by_severity",
            JsonPointer.compile("/open_incidents_by_severity"),
            COUNTS,
            Column.Absent.EMPTY);

    static final List<Column> DEPLOYMENT = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("id", TEXT),
            required("result", TEXT),
            nullable("kind", TEXT),
            required("counted", FLAG),
            nullable("excluded_reason", TEXT),
            required("seed", FLAG),
            nullable("queued_at", INSTANT),
            nullable("started_at", INSTANT),
            nullable("finished_at", INSTANT),
            nullable("finished_day", DAY),
            nullable("version", TEXT),
            nullable("repository", TEXT),
            nullable("sha", TEXT),
            nullable("digest", TEXT),
            nullable("group_id", TEXT),
            nullable("remediates", TEXT),
            nullable("remediates_deployment_id", TEXT),
            nullable("planned", FLAG),
            required("rework_rate_counted", FLAG),
            required("rework", FLAG),
            required("fail_rate_counted", FLAG),
            required("failed", FLAG),
            required("failure_rules", TEXTS),
            required("incident_ids", TEXTS),
            nullable("failure_distance_ms", WHOLE),
            nullable("impact", FLAG),
            nullable("impact_started_at", INSTANT),
            nullable("restored_at", INSTANT),
            nullable("restored_day", DAY),
            nullable("recovery_ms", WHOLE),
            nullable("failure_lifetime_ms", WHOLE),
            nullable("deploy_time_ms", WHOLE),
            nullable("queue_time_ms", WHOLE),
            nullable("time_to_success_ms", WHOLE),
            required("commits", COUNT),
            required("flags", TEXTS),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> CHANGE = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("repository", TEXT),
            required("sha", TEXT),
            nullable("deployment_id", TEXT),
            nullable("authored_at", INSTANT),
            nullable("finished_at", INSTANT),
            nullable("finished_day", DAY),
            nullable("lead_time_ms", WHOLE),
            required("counted", FLAG),
            nullable("excluded_reason", TEXT),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> INCIDENT = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("id", TEXT),
            nullable("started_at", INSTANT),
            nullable("started_day", DAY),
            nullable("resolved_at", INSTANT),
            required("closed_gap_ms", WHOLE),
            nullable("severity", TEXT),
            nullable("title", TEXT),
            required("change_caused", FLAG),
            nullable("rule", TEXT),
            required("deployment_ids", TEXTS),
            nullable("distance_ms", WHOLE),
            nullable("unattributed_reason", TEXT),
            nullable("time_to_restore_ms", WHOLE),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> PULL_REQUEST = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("repository", TEXT),
            required("id", TEXT),
            nullable("title", TEXT),
            nullable("deployment_id", TEXT),
            nullable("first_commit_at", INSTANT),
            nullable("ready_at", INSTANT),
            nullable("first_review_at", INSTANT),
            nullable("merged_at", INSTANT),
            nullable("finished_at", INSTANT),
            nullable("finished_day", DAY),
            nullable("lead_time_ms", WHOLE),
            nullable("coding_ms", WHOLE),
            nullable("pickup_ms", WHOLE),
            nullable("review_ms", WHOLE),
            nullable("deploy_ms", WHOLE),
            required("counted", FLAG),
            nullable("excluded_reason", TEXT),
            required("flags", TEXTS),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> DRIFT_EPISODE = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("resource", TEXT),
            required("opened_at", INSTANT),
            nullable("closed_at", INSTANT),
            nullable("reconcile_ms", WHOLE),
            nullable("last_check_at", INSTANT),
            required("checks", COUNT),
            required("fingerprints", TEXTS),
            required("detectors", TEXTS),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> SHIFT = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("metric", TEXT),
            required("direction", TEXT),
            required("began", INSTANT),
            required("detected", INSTANT),
            required("reported_at", INSTANT),
            required("before_n", COUNT),
            required("before_value", NUMBER),
            nullable("before_lower", NUMBER),
            nullable("before_upper", NUMBER),
            required("after_n", COUNT),
            required("after_value", NUMBER),
            nullable("after_lower", NUMBER),
            nullable("after_upper", NUMBER),
            required("log_evidence", NUMBER),
            required("withdrawn", FLAG),
            nullable("withdrawn_at", INSTANT),
            nullable("moved_to", INSTANT),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> SERVICE_SETTINGS = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("zone", TEXT),
            required("link_window_ms", WHOLE),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> ASSIGNMENT = List.of(
            required("tenant", TEXT),
            required("kind", TEXT),
            required("subject", TEXT),
            required("from_day", DAY),
            nullable("value", TEXT),
            nullable("valid_from", INSTANT),
            nullable("valid_to", INSTANT),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> CURRENT = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            nullable("deployment_id", TEXT),
            nullable("version", TEXT),
            nullable("sha", TEXT),
            nullable("digest", TEXT),
            nullable("since", INSTANT),
            nullable("previous_version", TEXT),
            nullable("previous_deployment_id", TEXT),
            required("open_failures", COUNT),
            nullable("oldest_open_failure_at", INSTANT),
            required("open_incidents", COUNT),
            OPEN_INCIDENTS_BY_SEVERITY,
            nullable("drifted", FLAG),
            nullable("last_drift_check_at", INSTANT),
            DELETED,
            required("computed_at", INSTANT));

    static final List<Column> PERIOD = Stream.concat(
                    Stream.of(
                            required("tenant", TEXT),
                            required("service", TEXT),
                            required("environment", TEXT),
                            required("period", LOWER_CASE),
                            required("label", TEXT),
                            required("zone", TEXT),
                            required("start", DAY),
                            required("end", DAY),
                            required("provisional", FLAG),
                            DELETED,
                            required("computed_at", INSTANT)),
                    MetricColumns.all())
            .toList();

    /** What all windows of a row share. */
    static final List<Column> DORA_ROW = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("zone", TEXT),
            required("as_of_day", DAY),
            DELETED,
            required("computed_at", INSTANT));

    /** One window of a row. */
    static final List<Column> DORA_WINDOW = Stream.concat(
                    Stream.of(
                            required("days", SMALL),
                            required("from_day", DAY).at("/from"),
                            required("to_day", DAY).at("/to")),
                    MetricColumns.all())
            .toList();

    static final List<Column> EVENT = List.of(
            required("tenant", TEXT).at("/sluicetenant"),
            required("delivery", TEXT).at("/sluicedelivery"),
            required("id", TEXT),
            required("type", TEXT),
            required("subject", TEXT),
            required("source", TEXT),
            required("occurred_at", INSTANT).at("/time"),
            required("received_at", INSTANT).at("/sluicereceivedat"));

    static final List<Column> DEAD_LETTER = List.of(
            required("tenant", TEXT),
            required("delivery", TEXT),
            required("disposition", TEXT),
            required("source", TEXT),
            required("connection", TEXT),
            required("delivery_key", TEXT),
            required("event", TEXT),
            required("reason", TEXT),
            required("detail", TEXT),
            nullable("pointer", TEXT),
            required("received_at", INSTANT));

    static final List<Column> CANARY_BUCKET =
            List.of(required("tenant", TEXT), required("run", TEXT), required("begin", INSTANT));

    /** What all metrics of a run share. */
    static final List<Column> CANARY_LOOK = List.of(
            required("tenant", TEXT),
            required("run", TEXT),
            required("at", INSTANT),
            required("state", TEXT).at("/verdict/state"),
            nullable("log_e", NUMBER).at("/verdict/log_e"),
            nullable("log_e_to_fail", NUMBER).at("/verdict/log_e_to_fail"),
            nullable("log_e_to_pass", NUMBER).at("/verdict/log_e_to_pass"));

    static final List<Column> CANARY_RUN = Stream.concat(
                    CANARY_LOOK.stream(),
                    Stream.of(
                            required("service", TEXT),
                            required("environment", TEXT),
                            nullable("baseline_version", TEXT),
                            nullable("canary_version", TEXT),
                            required("config_digest", TEXT),
                            required("alpha", NUMBER),
                            required("started_at", INSTANT),
                            required("ended", FLAG),
                            required("reasons", TEXTS).at("/verdict/reasons"),
                            required("notes", TEXTS).at("/verdict/notes"),
                            required("doubts", TEXTS),
                            nullable("condition", TEXT),
                            nullable("twin", TEXT),
                            nullable("seconds_to_pass", NUMBER).at("/verdict/seconds_to_pass"),
                            nullable("seconds_to_fail", NUMBER).at("/verdict/seconds_to_fail")))
            .toList();

    /** What each metric of a run has of its own. */
    static final List<Column> CANARY_METRIC = List.of(
            required("metric", TEXT).at("/name"),
            required("kind", TEXT),
            required("direction", TEXT),
            nullable("scale", TEXT),
            required("verdict", TEXT),
            nullable("estimate", NUMBER),
            nullable("lower", NUMBER).at("/interval/0"),
            nullable("upper", NUMBER).at("/interval/1"),
            nullable("tolerance", NUMBER),
            nullable("margin", NUMBER),
            nullable("log_e_fail", NUMBER),
            nullable("log_e_pass", NUMBER),
            nullable("baseline_n", NUMBER).at("/baseline/n"),
            nullable("baseline_events", NUMBER).at("/baseline/events"),
            nullable("canary_n", NUMBER).at("/canary/n"),
            nullable("canary_events", NUMBER).at("/canary/events"),
            nullable("resolution_floor", NUMBER),
            required("reason", TEXT));

    static final List<Column> DECISION = List.of(
            required("tenant", TEXT),
            required("id", TEXT),
            required("gate", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            nullable("artifact_version", TEXT).at("/artifact/version"),
            nullable("artifact_digest", TEXT).at("/artifact/digest"),
            nullable("artifact_commit", TEXT).at("/artifact/commit"),
            required("decision", TEXT),
            required("allowed", FLAG),
            required("status", TEXT),
            required("reason", TEXT),
            nullable("score", NUMBER),
            nullable("freshness_age_ms", WHOLE).at("/freshness/age_ms"),
            nullable("freshness_limit_ms", WHOLE).at("/freshness/limit_ms"),
            nullable("freshness_stale", FLAG).at("/freshness/stale"),
            required("principal", TEXT),
            required("decided_at", INSTANT),
            nullable("expires_at", INSTANT));

    static final List<Column> CLAIM = List.of(
            required("tenant", TEXT),
            required("record", TEXT),
            required("what", TEXT),
            required("id", TEXT),
            required("claimant", TEXT).at("/by"),
            required("principal", TEXT),
            required("at", INSTANT),
            required("valid_until", INSTANT).at("/until"));

    static final List<Column> CONTROL_CHANGE = List.of(
            required("tenant", TEXT),
            required("what", TEXT),
            required("id", TEXT),
            required("principal", TEXT),
            required("at", INSTANT),
            required("deleted", FLAG));

    static final List<Column> ROLLBACK = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("id", TEXT).at("/order/id"),
            required("state", TEXT).at("/order/state"),
            required("trigger", TEXT).at("/order/trigger/kind"),
            required("trigger_id", TEXT).at("/order/trigger/id"),
            required("reason", TEXT).at("/order/trigger/reason"),
            nullable("principal", TEXT).at("/order/trigger/principal"),
            nullable("from_version", TEXT).at("/order/from"),
            nullable("from_deployment_id", TEXT).at("/order/fence/id"),
            nullable("to_version", TEXT).at("/order/to/version"),
            nullable("to_deployment_id", TEXT).at("/order/to/id"),
            required("ordered_at", INSTANT).at("/order/ordered_at"),
            required("expires_at", INSTANT).at("/order/expires_at"),
            required("attempts", COUNT).at("/order/attempts"));

    static final List<Column> ROLLBACK_ATTEMPT = List.of(
            required("tenant", TEXT),
            required("service", TEXT),
            required("environment", TEXT),
            required("order_id", TEXT).at("/order"),
            required("outcome", TEXT),
            required("at", INSTANT),
            required("attempt", COUNT),
            required("words", TEXT));

    static final List<Column> JOB_PROGRESS = List.of(
            required("job", TEXT),
            required("partition", SMALL),
            required("at", INSTANT),
            required("generation", WHOLE));

    private Layouts() {}
}
