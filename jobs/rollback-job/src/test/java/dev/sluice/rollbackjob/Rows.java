package dev.sluice.rollbackjob;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.IncidentFact;
import dev.sluice.rollback.RollbackPlan.Mode;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.ErrorBudgetDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackPlanDocument;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as other jobs and gate-api write them. */
final class Rows {
    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    static final String TENANT = "default";
    static final String SERVICE = "copper-billing";
    static final String ENVIRONMENT = "production";
    static final String KEY = Keys.of(TENANT, SERVICE, ENVIRONMENT);

    private Rows() {}

    static Control plan(Instant at) {
        var plan = new RollbackPlanDocument(
                SERVICE,
                ENVIRONMENT,
                Mode.ORDER,
                true,
                new RollbackPlanDocument.Incident(List.of("sev1"), 3600),
                new RollbackPlanDocument.ErrorBudget("availability", 0.999, 300, 14.4, 100, 3600, List.of("ci")),
                2,
                600,
                900,
                "deployer",
                null);
        return new Control(
                TENANT,
                Control.ROLLBACK_PLAN,
                Keys.of(SERVICE, ENVIRONMENT),
                "ann",
                at,
                false,
                Json.mapper().valueToTree(plan));
    }

    static Control counts(long windowSeconds, long good, long total, String principal, Instant at) {
        var counts = new ErrorBudgetDocument(SERVICE, ENVIRONMENT, "availability", windowSeconds, good, total, at);
        return new Control(
                TENANT,
                Control.ERROR_BUDGET,
                "id",
                principal,
                at,
                false,
                Json.mapper().valueToTree(counts));
    }

    static CurrentRow current(@Nullable String deployment, @Nullable String version, @Nullable Instant since) {
        return new CurrentRow(
                TENANT,
                SERVICE,
                ENVIRONMENT,
                deployment,
                version,
                null,
                null,
                since,
                null,
                null,
                0,
                null,
                0,
                null,
                null,
                null,
                deployment == null,
                NOON);
    }

    static DeploymentFact deployment(String id, String result, String version, Instant at, boolean deleted) {
        return deployment(id, result, version, at, deleted, List.of());
    }

    /** One that the rules make a failed one. */
    static DeploymentFact failed(String id, String version, Instant at, String... rules) {
        return deployment(id, "SUCCESS", version, at, false, List.of(rules));
    }

    private static DeploymentFact deployment(
            String id, String result, String version, Instant at, boolean deleted, List<String> rules) {
        return Json.read(
                Json.bytes(Map.ofEntries(
                        Map.entry("tenant", TENANT),
                        Map.entry("service", SERVICE),
                        Map.entry("environment", ENVIRONMENT),
                        Map.entry("id", id),
                        Map.entry("result", result),
                        Map.entry("version", version),
                        Map.entry("finished_at", at.toString()),
                        Map.entry("failed", !rules.isEmpty()),
                        Map.entry("failure_rules", rules),
                        Map.entry("incident_ids", List.of()),
                        Map.entry("flags", List.of()),
                        Map.entry("deleted", deleted),
                        Map.entry("computed_at", at.toString()))),
                DeploymentFact.class);
    }

    static IncidentFact incident(String id, Instant at, @Nullable Instant resolvedAt, String... deployments) {
        return new IncidentFact(
                TENANT,
                SERVICE,
                ENVIRONMENT,
                id,
                at,
                null,
                resolvedAt,
                0,
                "SEV1",
                "checkout is down",
                true,
                deployments.length == 0 ? null : "TIME",
                List.of(deployments),
                null,
                deployments.length == 0 ? "OUTSIDE_WINDOW" : null,
                null,
                false,
                at);
    }

    static Control run(String id, @Nullable Instant endedAt) {
        var document = new CanaryRunDocument(
                SERVICE,
                ENVIRONMENT,
                "v2",
                "v3",
                Json.mapper().createObjectNode(),
                "sha256:0",
                NOON.minus(Duration.ofMinutes(5)),
                List.of(),
                endedAt);
        return new Control(TENANT, Control.CANARY, id, "ci", NOON, false, document.json());
    }

    static CanaryStanding standing(String id, @Nullable String state, Instant at) {
        return new CanaryStanding(
                TENANT,
                id,
                "sha256:0",
                false,
                0,
                at.plusSeconds(60),
                1,
                0,
                List.of(),
                null,
                state == null
                        ? null
                        : Json.mapper()
                                .valueToTree(
                                        Map.of("state", state, "at", at.toString(), "reasons", List.of("errors: 3 %"))),
                state == null);
    }

    static InRecord record(Topic topic, String key, Object row) {
        return new InRecord(topic.topicName(), 0, 0, NOON.toEpochMilli(), key, Json.bytes(row), Map.of());
    }
}
