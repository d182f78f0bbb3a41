package dev.sluice.gateapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.store.RowMapper;
import dev.sluice.store.Store;
import dev.sluice.store.StoredRow;
import dev.sluice.store.Table;
import dev.sluice.store.TopicRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Two hundred days of four services, as the store job writes them: generated from a seed, so that the days before the last
 * sixty differ from these.
 */
final class ReportedHistory {
    static final String HOSTILE = "<script>alert('x')</script>";
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long SEED = 20260301;
    private static final int DAYS = 200;
    private static final int BETTER_DAYS = 60;
    private static final String ENVIRONMENT = "production";

    private final Random random = new Random(SEED);
    private final Map<Table, List<byte[]>> rows = new HashMap<>();
    private long offset;

    private ReportedHistory() {}

    /** Fills a store. */
    static void fill(Store store) {
        var history = new ReportedHistory();
        history.assign("SERVICE_TEAM", "checkout", "payments");
        history.assign("SERVICE_TEAM", HOSTILE, "payments");
        history.assign("SERVICE_TEAM", "search", "discovery");
        history.assign("TEAM_GROUP", "payments", "shop");
        history.assign("TEAM_GROUP", "discovery", "shop");
        history.service("checkout", 0.8);
        history.service("search", 0.5);
        history.service(HOSTILE, 0.3);
        history.service("rarely", 0.03);
        history.deployedTomorrow("ahead");
        history.shifts();
        history.window();
        history.rows.forEach((table, lines) -> {
            List<Store.RefusedRow> refused = store.insert(table, lines);
            if (!refused.isEmpty()) {
                throw new AssertionError("seed " + SEED + ", " + table + ": " + refused);
            }
        });
        StoredRow progress = RowMapper.progress(1, 0, 1, NOW.minusSeconds(2));
        store.insert(progress.table(), List.of(progress.json()));
    }

    /** A service whose zone is ahead of UTC: its day of now is the next one. */
    private void deployedTomorrow(String service) {
        current(service);
        ObjectNode deployment = row(service)
                .put("id", service + "-1")
                .put("result", "SUCCESS")
                .put("kind", "FORWARD")
                .put("counted", true)
                .put("seed", false)
                .put("started_at", NOW.minusSeconds(600).toString())
                .put("finished_at", NOW.minusSeconds(300).toString())
                .put("finished_day", day(NOW.plus(Duration.ofDays(1))))
                .put("rework_rate_counted", true)
                .put("rework", false)
                .put("fail_rate_counted", true)
                .put("failed", false)
                .put("commits", 0);
        deployment.putArray("failure_rules");
        deployment.putArray("incident_ids");
        deployment.putArray("flags");
        add(Topic.FACTS, "deployment", deployment);
    }

    private void service(String service, double deploymentsADay) {
        current(service);
        for (int day = DAYS; day > 0; day--) {
            if (random.nextDouble() < deploymentsADay) {
                deployment(service, NOW.minus(Duration.ofDays(day)).plusSeconds(random.nextInt(40_000)), day);
            }
        }
    }

    private void current(String service) {
        ObjectNode current = row(service)
                .put("deployment_id", "d")
                .put("version", "v1")
                .put("open_failures", 0)
                .put("open_incidents", 0);
        add(Topic.CURRENT, "", current);
    }

    private void deployment(String service, Instant finished, int daysAgo) {
        boolean better = daysAgo <= BETTER_DAYS;
        String id = service + "-" + offset;
        double kind = random.nextDouble();
        boolean counted = kind < 0.85;
        boolean failed = counted && random.nextDouble() < (better ? 0.08 : 0.2);
        boolean rollback = kind >= 0.85 && kind < 0.93;
        ObjectNode deployment = row(service)
                .put("id", id)
                .put("result", "SUCCESS")
                .put("kind", counted ? "FORWARD" : rollback ? "ROLLBACK" : "REDEPLOY")
                .put("counted", counted)
                .put("excluded_reason", counted ? null : rollback ? "ROLLBACK" : "REDEPLOY")
                .put("seed", false)
                .put("started_at", finished.minusSeconds(240).toString())
                .put("finished_at", finished.toString())
                .put("finished_day", day(finished))
                .put("version", "v" + offset)
                .put("rework_rate_counted", counted || rollback)
                .put("rework", rollback)
                .put("deploy_time_ms", 200_000 + random.nextInt(90_000))
                .put("fail_rate_counted", counted)
                .put("failed", failed)
                .put("commits", 2);
        deployment.putArray("failure_rules");
        deployment.putArray("incident_ids");
        deployment.putArray("flags");
        if (failed) {
            long recoveryMs = 600_000L + random.nextInt(9_000_000);
            Instant restored = finished.plusMillis(recoveryMs);
            deployment
                    .put("restored_at", restored.toString())
                    .put("restored_day", day(restored))
                    .put("recovery_ms", recoveryMs);
        }
        add(Topic.FACTS, "deployment", deployment);
        if (counted) {
            for (int i = 0; i < 2; i++) {
                change(service, id, finished, better, i == 1 && random.nextInt(10) == 0);
            }
            pullRequest(service, id, finished, better);
        }
        if (random.nextInt(12) == 0) {
            incident(service, finished);
        }
    }

    private void change(String service, String deployment, Instant finished, boolean better, boolean merge) {
        add(
                Topic.FACTS,
                "change",
                row(service)
                        .put("repository", "shop")
                        .put("sha", "sha" + offset)
                        .put("deployment_id", deployment)
                        .put("finished_at", finished.toString())
                        .put("finished_day", day(finished))
                        .put("lead_time_ms", merge ? null : leadTimeMs(better ? 20 : 60))
                        .put("counted", !merge)
                        .put("excluded_reason", merge ? "MERGE" : null));
    }

    private void pullRequest(String service, String deployment, Instant finished, boolean better) {
        ObjectNode pullRequest = row(service)
                .put("repository", "shop")
                .put("id", "pr" + offset)
                .put("deployment_id", deployment)
                .put("finished_at", finished.toString())
                .put("finished_day", day(finished))
                .put("lead_time_ms", leadTimeMs(better ? 30 : 70))
                .put("counted", true);
        pullRequest.putArray("flags");
        add(Topic.FACTS, "pull_request", pullRequest);
    }

    private void incident(String service, Instant near) {
        ObjectNode incident = row(service)
                .put("id", "i" + offset)
                .put("started_at", near.toString())
                .put("started_day", day(near))
                .put("closed_gap_ms", 0)
                .put("change_caused", true)
                .put("unattributed_reason", "OUTSIDE_WINDOW");
        incident.putArray("deployment_ids");
        add(Topic.FACTS, "incident", incident);
    }

    private long leadTimeMs(int hours) {
        return (long) (hours * 3.6e6 * Math.exp(random.nextGaussian() * 0.6));
    }

    private void shifts() {
        add(Topic.FACTS, "shift", shift("change_lead_time", "IMPROVEMENT", 57, 35, 2.2e8, 7.1e7, null));
        add(Topic.FACTS, "shift", shift("change_fail_rate", "IMPROVEMENT", 58, 20, 0.2, 0.05, NOW.minusSeconds(9000)));
    }

    private static ObjectNode shift(
            String metric,
            String direction,
            int began,
            int detected,
            double before,
            double after,
            @Nullable Instant withdrawn) {
        return row("checkout")
                .put("metric", metric)
                .put("direction", direction)
                .put("began", NOW.minus(Duration.ofDays(began)).toString())
                .put("detected", NOW.minus(Duration.ofDays(detected)).toString())
                .put("reported_at", NOW.minus(Duration.ofDays(detected - 1)).toString())
                .put("before_n", 90)
                .put("before_value", before)
                .put("after_n", 24)
                .put("after_value", after)
                .put("log_evidence", 5.5)
                .put("withdrawn", withdrawn != null)
                .put("withdrawn_at", withdrawn == null ? null : withdrawn.toString());
    }

    private void window() {
        LocalDate today = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
        DeliveryMetrics metrics = DeliveryMetrics.empty()
                .with(new DeliveryMetrics.DeploymentFrequency(60, 60 / 90.0, null, 50, 12, 4.0, null, 60, 0, 0, 0))
                .with(new DeliveryMetrics.ConfigurationDrift(
                        7_776_000_000L, 0.0125, 97_200_000, 25_920, 3, 0.03, 3, 3.6e6, null, null));
        var row = new DoraRow(
                "default",
                "checkout",
                ENVIRONMENT,
                "UTC",
                today,
                List.of(new DoraRow.WindowMetrics(90, today.minusDays(89), today, metrics)),
                false,
                NOW);
        add(Topic.DORA, "", Json.mapper().valueToTree(row));
    }

    private void assign(String kind, String subject, String value) {
        ObjectNode assignment = Json.mapper().createObjectNode();
        assignment
                .put("tenant", "default")
                .put("kind", kind)
                .put("subject", subject)
                .put("from_day", "2025-01-01")
                .put("value", value)
                .put("valid_from", "2025-01-01T00:00:00Z")
                .put("deleted", false)
                .put("computed_at", NOW.toString());
        add(Topic.FACTS, "assignment", assignment);
    }

    private static ObjectNode row(String service) {
        return Json.mapper()
                .createObjectNode()
                .put("tenant", "default")
                .put("service", service)
                .put("environment", ENVIRONMENT)
                .put("deleted", false)
                .put("computed_at", NOW.toString());
    }

    private void add(Topic topic, String factKind, ObjectNode row) {
        Map<String, String> headers = factKind.isEmpty() ? Map.of() : Map.of(RowMapper.FACT_HEADER, factKind);
        RowMapper.rows(new TopicRecord(topic.topicName(), 0, offset++, NOW, "key", headers, Json.bytes(row)))
                .forEach(stored -> rows.computeIfAbsent(stored.table(), table -> new ArrayList<>())
                        .add(stored.json()));
    }

    private static String day(Instant at) {
        return at.toString().substring(0, 10);
    }
}
