package dev.sluice.storejob;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Parentage;
import dev.sluice.dora.ChangeFact;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.RawDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Rows as the other jobs and the gate make them. */
final class WireRows {
    static final Instant FINISHED = Instant.parse("2024-02-01T10:00:00.5Z");
    static final Instant COMPUTED = Instant.parse("2026-03-01T10:00:00Z");

    private WireRows() {}

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
                "v1",
                "shop",
                "abc",
                null,
                null,
                null,
                null,
                null,
                false,
                true,
                false,
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
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
                leadTime.toMillis(),
                true,
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
                0,
                null,
                0,
                null,
                null,
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

    static CommitRecorded commit(String delivery) {
        return new CommitRecorded(
                new EventHeader("e-" + delivery, "default", "github", delivery, FINISHED, COMPUTED),
                "shop",
                "abc",
                List.of(),
                Parentage.EXPLICIT,
                FINISHED,
                null,
                List.of(),
                null);
    }

    static DeadLetter deadLetter(String delivery) {
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
                COMPUTED);
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

    private static DeliveryMetrics metrics(int count) {
        return DeliveryMetrics.empty()
                .with(new DeploymentFrequency(count, count / 7.0, null, 2, 0, null, null, count, 0, 1, 2))
                .with(new ChangeLeadTime(4, 3_600_000.5, null, 7_200_000.0, 0, 0, null))
                .with(new DeploymentSuccessRate(4, 0.75, null, 3, 1, 0, 0, 0, null));
    }
}
