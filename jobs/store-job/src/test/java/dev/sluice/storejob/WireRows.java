package dev.sluice.storejob;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.catalogue.AssignmentFact;
import dev.sluice.catalogue.ServiceSettingsFact;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Parentage;
import dev.sluice.dora.ChangeFact;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeFailRate;
import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.ConfigurationDrift;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentReworkRate;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import dev.sluice.dora.DeliveryMetrics.FailedDeploymentRecoveryTime;
import dev.sluice.dora.DeliveryMetrics.MeanTimeToDeploy;
import dev.sluice.dora.DeliveryMetrics.PullRequestLeadTime;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.IncidentFact;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.dora.PullRequestFact;
import dev.sluice.dora.ShiftFact;
import dev.sluice.rollback.DeliveryReport;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackBook;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackPlan;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.shift.Direction;
import dev.sluice.statistics.Interval;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryEvidence;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.VerdictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows as the other jobs and the gate make them. */
final class WireRows {
    static final Instant FINISHED = Instant.parse("2024-02-01T10:00:00.5Z");
    static final Instant COMPUTED = Instant.parse("2026-03-01T10:00:00Z");

    private static final LocalDate FINISHED_DAY = LocalDate.of(2024, 2, 1);

    private WireRows() {}

    /** Of a run of one metric that nothing was heard of yet. */
    static CanaryEvidence canaryEvidence() {
        var settings = JsonNodeFactory.instance.objectNode();
        settings.putArray("metrics").addObject().put("name", "errors").put("kind", "ratio");
        CanaryConfig config =
                requireNonNull(CanaryConfigs.load().read(settings, List.of()).config());
        return new CanaryEvidence(
                "default",
                "r1",
                "checkout",
                "production",
                null,
                "1.4.2",
                "sha256:0",
                config.alpha(),
                COMPUTED,
                COMPUTED,
                false,
                List.of(),
                null,
                null,
                VerdictJson.of(new CanaryRun(config, COMPUTED).verdict(COMPUTED)));
    }

    static DeploymentFact deployment(String id) {
        return new DeploymentFact(
                "default",
                "checkout",
                "production",
                id,
                "SUCCESS",
                DeploymentKind.FORWARD,
                true,
                null,
                false,
                null,
                FINISHED.minusSeconds(60),
                FINISHED,
                FINISHED_DAY,
                "v1",
                "shop",
                "abc",
                null,
                null,
                null,
                null,
                null,
                true,
                false,
                true,
                true,
                List.of("TIME"),
                List.of("i1"),
                3_600_000L,
                null,
                FINISHED.plusSeconds(3600),
                FINISHED.plusSeconds(5400),
                FINISHED_DAY,
                1_800_000L,
                5_400_000L,
                60_000L,
                null,
                null,
                3,
                List.of("RANGE_INFERRED"),
                false,
                COMPUTED);
    }

    static ChangeFact change(String sha, Duration leadTime) {
        return new ChangeFact(
                "default",
                "checkout",
                "production",
                "shop",
                sha,
                "d0",
                FINISHED.minus(leadTime),
                FINISHED,
                FINISHED_DAY,
                leadTime.toMillis(),
                true,
                null,
                false,
                COMPUTED);
    }

    static IncidentFact incident(String id) {
        return new IncidentFact(
                "default",
                "checkout",
                "production",
                id,
                FINISHED.plusSeconds(3600),
                FINISHED_DAY,
                FINISHED.plusSeconds(5400),
                0,
                "major",
                "Payments fail",
                true,
                "TIME",
                List.of("d0"),
                3_600_000L,
                null,
                1_800_000L,
                false,
                COMPUTED);
    }

    /** An incident that is no longer one of the series. */
    static IncidentFact deletedIncident(String id) {
        return new IncidentFact(
                "default",
                "checkout",
                "production",
                id,
                null,
                null,
                null,
                0,
                null,
                null,
                false,
                null,
                List.of(),
                null,
                null,
                null,
                true,
                COMPUTED);
    }

    static PullRequestFact pullRequest(String id, Duration leadTime) {
        return new PullRequestFact(
                "default",
                "checkout",
                "production",
                "shop",
                id,
                "Pay by card",
                "d0",
                FINISHED.minus(leadTime),
                FINISHED.minus(leadTime),
                FINISHED.minus(leadTime),
                FINISHED,
                FINISHED,
                FINISHED_DAY,
                leadTime.toMillis(),
                0L,
                0L,
                leadTime.toMillis(),
                0L,
                true,
                null,
                List.of("SQUASHED"),
                false,
                COMPUTED);
    }

    static ServiceSettingsFact serviceSettings(String zone) {
        return new ServiceSettingsFact("default", "checkout", zone, 86_400_000, false, COMPUTED);
    }

    static AssignmentFact assignment(String team) {
        return new AssignmentFact(
                "default", "SERVICE_TEAM", "checkout", FINISHED_DAY, team, FINISHED, null, false, COMPUTED);
    }

    static DriftEpisodeFact driftEpisode(String resource) {
        return new DriftEpisodeFact(
                "default",
                "checkout",
                "production",
                resource,
                FINISHED,
                FINISHED.plusSeconds(600),
                600_000L,
                FINISHED.plusSeconds(600),
                3,
                List.of("a"),
                List.of("argocd"),
                false,
                COMPUTED);
    }

    static ShiftFact shift(String metric) {
        return new ShiftFact(
                "default",
                "checkout",
                "production",
                metric,
                Direction.IMPROVEMENT,
                FINISHED,
                FINISHED.plusSeconds(600),
                COMPUTED,
                90,
                0.25,
                0.125,
                0.5,
                7,
                0.0625,
                null,
                null,
                5.5,
                false,
                null,
                null,
                false,
                COMPUTED);
    }

    static DoraRow dora() {
        LocalDate day = LocalDate.of(2026, 3, 1);
        return new DoraRow(
                "default",
                "checkout",
                "production",
                "UTC",
                day,
                List.of(
                        new DoraRow.WindowMetrics(7, day.minusDays(6), day, DeliveryMetrics.empty()),
                        new DoraRow.WindowMetrics(30, day.minusDays(29), day, metrics(12)),
                        new DoraRow.WindowMetrics(90, day.minusDays(89), day, metrics(40))),
                false,
                COMPUTED);
    }

    static PeriodRow quarter(int count) {
        return new PeriodRow(
                "default",
                "checkout",
                "production",
                "UTC",
                PeriodKind.QUARTER,
                "2024-Q1",
                LocalDate.of(2024, 1, 1),
                LocalDate.of(2024, 4, 1),
                false,
                metrics(count),
                false,
                COMPUTED);
    }

    static CurrentRow current(String version) {
        return new CurrentRow(
                "default",
                "checkout",
                "production",
                "d0",
                version,
                "abc",
                null,
                FINISHED,
                null,
                null,
                1,
                FINISHED,
                2,
                new TreeMap<>(Map.of("", 1, "sev1", 1)),
                true,
                COMPUTED,
                false,
                COMPUTED);
    }

    static RawDelivery delivery(String key) {
        return new RawDelivery(
                "default",
                "github",
                "hub",
                key,
                "push",
                "local",
                "application/json",
                COMPUTED,
                "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    }

    static CommitRecorded commit(String delivery, Instant receivedAt) {
        return new CommitRecorded(
                new EventHeader("e-" + delivery, "default", "github", delivery, FINISHED, receivedAt),
                "shop",
                "abc",
                List.of(),
                Parentage.EXPLICIT,
                FINISHED,
                null,
                List.of(),
                null);
    }

    static DeadLetter deadLetter(String delivery, Instant receivedAt) {
        return new DeadLetter(
                "default",
                DeadLetter.Disposition.IGNORED,
                "github",
                "hub",
                delivery,
                "k",
                "star",
                "NOT_RELEVANT",
                "Stars concern no metric.",
                null,
                receivedAt);
    }

    static byte[] decision(String id) {
        String json = """
                {"id":"%s","gate":"release","tenant":"default","service":"checkout","environment":"production",
                "artifact":{"version":"v1","digest":null,"commit":null},"decision":"allow","allowed":true,
                "status":"SUCCEEDED","reason":"All rules hold.","score":null,"progress":"","policies":[],
                "rules":[],"inputs":[],"freshness":{"age_ms":12,"limit_ms":60000,"stale":false},
                "decided_at":"2026-03-01T10:00:00Z","expires_at":null,"principal":"local"}""";
        return json.formatted(id).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] claim(String id) {
        String json = """
                {"kind":"claim","record":"r1","tenant":"default","what":"consumption","id":"%s","by":"run-1",
                "principal":"local","at":"2026-03-01T10:00:00Z","until":"2026-03-01T10:15:00Z"}""";
        return json.formatted(id).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] change(String id) {
        String json = """
                {"kind":"change","tenant":"default","what":"freeze","id":"%s","principal":"local",
                "at":"2026-03-01T10:00:00Z","deleted":false,"document":{"reason":"the sale"}}""";
        return json.formatted(id).getBytes(StandardCharsets.UTF_8);
    }

    private static DeliveryMetrics metrics(int count) {
        return DeliveryMetrics.empty()
                .with(new DeploymentFrequency(
                        count, count / 7.0, new Interval(0.5, 9.5), 2, 12, 1.5, 1000.5, count, 0, 1, 2))
                .with(new ChangeLeadTime(4, 3_600_000.5, null, 7_200_000.0, 0, 0, null))
                .with(new PullRequestLeadTime(
                        6, 7_200_000.5, new Interval(1, 2), 9_000_000.0, 10.0, 1.0, 2.0, 3.0, 4.0, 1, 2, 3, null))
                .with(new ChangeFailRate(
                        8, 0.25, new Interval(0.0625, 0.5), 2, 1, 1, 2, 3, 4, 5, COMPUTED.plusMillis(1), null))
                .with(new FailedDeploymentRecoveryTime(
                        6,
                        1_800_000.0,
                        new Interval(600_000, 3_600_000),
                        4_000_000.0,
                        2_000_000.5,
                        1,
                        2,
                        5_400_000.0,
                        3,
                        900_000.0,
                        null))
                .with(new DeploymentReworkRate(5, 0.25, new Interval(0.125, 0.5), 1, null))
                .with(new DeploymentSuccessRate(4, 0.75, null, 3, 1, 0, 0, 0, null))
                .with(new MeanTimeToDeploy(
                        7, 60_000.5, 50_000.0, new Interval(3, 4), 90_000.0, 1, 2, 500.0, 3, 600.0, null))
                .with(new ConfigurationDrift(
                        86_400_000, 0.25, 21_600_000, 288, 2, 2.0, 6, 600_000.5, new Interval(5, 6), null));
    }

    /** An order that nobody could deliver. */
    static RollbackRow rollback() {
        Instant at = Instant.parse("2026-03-01T10:00:00Z");
        var desk = new RollbackDesk(new Series("default", "checkout", "production"), RollbackBook.EMPTY);
        desk.plan(
                new RollbackPlan(
                        RollbackPlan.Mode.ORDER,
                        true,
                        null,
                        null,
                        2,
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(15),
                        "deployer",
                        null),
                at,
                at);
        desk.succeeded(new KnownDeployment("d0", "v0", null, null, at.minusSeconds(7200), false), at);
        desk.runs(new KnownDeployment("d1", "v1", null, null, at.minusSeconds(60), false), at);
        desk.trigger(RollbackTrigger.failedCanary("run", at, "errors: 3 %", "v0", "v1", false), at);
        desk.moveOn(at.plusSeconds(600));
        return RollbackRow.of(
                new Series("default", "checkout", "production"), desk.book().order());
    }

    static RollbackRow noRollback() {
        return RollbackRow.of(new Series("default", "checkout", "production"), null);
    }

    static DeliveryAttempt attempt() {
        return new DeliveryAttempt(
                "default",
                "checkout",
                "production",
                "o1",
                DeliveryReport.Outcome.FAILED,
                Instant.parse("2026-03-01T10:00:01Z"),
                1,
                "answered with 503");
    }
}
