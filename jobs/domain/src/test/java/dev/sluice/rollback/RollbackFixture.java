package dev.sluice.rollback;

import dev.sluice.rollback.RollbackPlan.BurnTerms;
import dev.sluice.rollback.RollbackPlan.IncidentTerms;
import dev.sluice.rollback.RollbackPlan.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans, deployments and triggers. */
final class RollbackFixture {
    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    static final Series SERIES = new Series("default", "copper-billing", "production");
    static final RollbackPlan PLAN = plan(Mode.ORDER, 3);

    private RollbackFixture() {}

    static RollbackPlan plan(Mode mode, int mostPerHour) {
        return new RollbackPlan(
                mode,
                true,
                new IncidentTerms(Set.of("SEV1", "sev2"), Duration.ofHours(1)),
                new BurnTerms(
                        "availability",
                        0.999,
                        Duration.ofMinutes(5),
                        14.4,
                        1_000,
                        Duration.ofHours(1),
                        Set.of("ci", "prom")),
                mostPerHour,
                Duration.ofMinutes(10),
                Duration.ofMinutes(15),
                "deployer",
                "pager");
    }

    static KnownDeployment deployed(String id, String version, Instant finishedAt) {
        return new KnownDeployment(id, version, "sha-" + version, null, finishedAt, false);
    }

    static RollbackTrigger failedCanary(String run, Instant at, @Nullable String baseline, @Nullable String canary) {
        return RollbackTrigger.failedCanary(run, at, "5xx ratio 0.62 % against 0.11 %", baseline, canary, false);
    }

    static RollbackTrigger incident(String id, Instant at, @Nullable String severity, String deployment) {
        return RollbackTrigger.incident(id, at, "checkout is down", List.of(deployment), severity);
    }

    static Burn burn(long windowSeconds, long good, long total, String source, Instant at) {
        return new Burn("availability", windowSeconds, good, total, source, at);
    }

    static RollbackTrigger request(String id, Instant at, String deployment, @Nullable String version) {
        return RollbackTrigger.request(id, at, "looks wrong", "ann", deployment, version);
    }
}
