package dev.sluice.store;

import static dev.sluice.store.Column.nullable;
import static dev.sluice.store.Column.required;
import static dev.sluice.store.ColumnKind.BIT;
import static dev.sluice.store.ColumnKind.COUNT;
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
            nullable("version", TEXT),
            nullable("repository", TEXT),
            nullable("sha", TEXT),
            nullable("digest", TEXT),
            nullable("group_id", TEXT),
            nullable("remediates", TEXT),
            nullable("remediates_deployment_id", TEXT),
            nullable("planned", FLAG),
            required("rework", FLAG),
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
            nullable("lead_time_ms", WHOLE),
            required("counted", FLAG),
            nullable("excluded_reason", TEXT),
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
                    metrics())
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
                    metrics())
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

    static final List<Column> JOB_PROGRESS = List.of(
            required("job", TEXT),
            required("partition", SMALL),
            required("at", INSTANT),
            required("generation", WHOLE));

    private Layouts() {}

    private static Stream<Column> metrics() {
        return Stream.of(
                        Stream.of(
                                metric("deployment_frequency", required("count", COUNT)),
                                metric("deployment_frequency", required("per_day", NUMBER)),
                                interval("deployment_frequency", "per_day", "lower"),
                                interval("deployment_frequency", "per_day", "upper"),
                                metric("deployment_frequency", required("deploy_days", COUNT)),
                                metric("deployment_frequency", required("whole_weeks", COUNT)),
                                metric("deployment_frequency", nullable("median_deploy_days_per_week", NUMBER)),
                                metric("deployment_frequency", nullable("median_gap_ms", NUMBER)),
                                metric("deployment_frequency", required("forward", COUNT)),
                                metric("deployment_frequency", required("config", COUNT)),
                                metric("deployment_frequency", required("rollback", COUNT)),
                                metric("deployment_frequency", required("redeploy", COUNT))),
                        Stream.of(
                                metric("change_lead_time", required("n", COUNT)),
                                metric("change_lead_time", nullable("median_ms", NUMBER)),
                                interval("change_lead_time", "median", "lower"),
                                interval("change_lead_time", "median", "upper"),
                                metric("change_lead_time", nullable("p90_ms", NUMBER)),
                                metric("change_lead_time", required("clock_skew", COUNT)),
                                metric("change_lead_time", required("range_incomplete", COUNT)),
                                metric("change_lead_time", nullable("reason", TEXT))),
                        Stream.of(
                                metric("deployment_rework_rate", required("n", COUNT)),
                                metric("deployment_rework_rate", nullable("value", NUMBER)),
                                interval("deployment_rework_rate", "", "lower"),
                                interval("deployment_rework_rate", "", "upper"),
                                metric("deployment_rework_rate", required("rework", COUNT)),
                                metric("deployment_rework_rate", nullable("reason", TEXT))),
                        Stream.of(
                                metric("mean_time_to_deploy", required("n", COUNT)),
                                metric("mean_time_to_deploy", nullable("mean_ms", NUMBER)),
                                metric("mean_time_to_deploy", nullable("median_ms", NUMBER)),
                                interval("mean_time_to_deploy", "median", "lower"),
                                interval("mean_time_to_deploy", "median", "upper"),
                                metric("mean_time_to_deploy", nullable("p90_ms", NUMBER)),
                                metric("mean_time_to_deploy", required("without_start", COUNT)),
                                metric("mean_time_to_deploy", required("queue_n", COUNT)),
                                metric("mean_time_to_deploy", nullable("queue_median_ms", NUMBER)),
                                metric("mean_time_to_deploy", required("success_n", COUNT)),
                                metric("mean_time_to_deploy", nullable("time_to_success_median_ms", NUMBER)),
                                metric("mean_time_to_deploy", nullable("reason", TEXT))),
                        Stream.of(
                                metric("deployment_success_rate", required("n", COUNT)),
                                metric("deployment_success_rate", nullable("value", NUMBER)),
                                interval("deployment_success_rate", "", "lower"),
                                interval("deployment_success_rate", "", "upper"),
                                metric("deployment_success_rate", required("success", COUNT)),
                                metric("deployment_success_rate", required("failure", COUNT)),
                                metric("deployment_success_rate", required("cancelled", COUNT)),
                                metric("deployment_success_rate", required("skipped", COUNT)),
                                metric("deployment_success_rate", required("timed_out", COUNT)),
                                metric("deployment_success_rate", nullable("reason", TEXT))))
                .flatMap(columns -> columns);
    }

    /** An end of an interval; of a metric's value, or of the statistic that {@code of} names. */
    private static Column interval(String metric, String of, String end) {
        String name = of.isEmpty() ? "" : of + "_";
        return nullable(metric + "_" + name + end, NUMBER).at("/metrics/" + metric + "/" + name + "interval/" + end);
    }

    private static Column metric(String metric, Column field) {
        return new Column(
                metric + "_" + field.name(),
                JsonPointer.compile("/metrics/" + metric + "/" + field.name()),
                field.kind(),
                field.absent());
    }
}
