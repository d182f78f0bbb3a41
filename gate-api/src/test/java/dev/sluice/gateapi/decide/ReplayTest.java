package dev.sluice.gateapi.decide;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryState;
import dev.sluice.dora.CurrentRow;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.Exemption;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.GateOverride;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.canary.CanaryFindings;
import dev.sluice.gateapi.canary.CanaryRuns;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.cel.CelFixture;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.deliver.OpenPolicyAgent;
import dev.sluice.gateapi.egress.EgressAuthorities;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.governance.EvidenceView;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.gateapi.views.Views;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decisions of a made-up run, from the bytes of the log. */
class ReplayTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<CanaryState> STATES = List.of(CanaryState.values());
    private static final int DECISIONS = 1_000;
    private static final int FEWER = 200;

    private static final String STRICT = """
            name: strict
            version: "1"
            gates: [production]
            stale_after: 60s
            stale_outcome: pending
            rules:
              - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                 threshold: 0.8, minimum_n: 5}
              - {id: lead, mode: warn, metric: change_lead_time_median, window: 30d, operator: "<=", threshold: 1d}
              - {id: canary, mode: observe, canary: {}}
              - {id: not-frozen, mode: enforce, freeze: {}}
              - {id: approved, mode: warn, approvals: {roles: [sre]}}
              - {id: rehearsed, mode: warn, drill: {environment: staging}}
              - id: another-version
                mode: enforce
                cel: '!has(current.version) || artifact.version != current.version'
              - id: settled
                mode: enforce
                cel: 'has(current.since) && now - current.since >= duration("1h")'
            """;

    private CelConditions conditions;
    private OutboundRequests outbound;
    private List<Policy> policies;
    private GateJudge judge;

    @BeforeEach
    void start() {
        conditions = CelFixture.patient();
        outbound = new OutboundRequests(EgressRules.publicOnly(), EgressAuthorities.ofJava(), Clock.systemUTC());
        policies = List.of(policy(STRICT));
        var views = new Views(Clock.systemUTC());
        judge = new GateJudge(
                views,
                new Policies(List.of(), true, new PolicyReader(conditions), views),
                new EvidenceView(views, new CanaryFindings(new CanaryRuns(views), views)),
                new ExternalRules(
                        views, new OpenPolicyAgent(outbound, new TenantSecrets(null, Map.of())), Runnable::run));
    }

    @AfterEach
    void stop() {
        conditions.close();
        outbound.close();
    }

    private Policy policy(String yaml) {
        return new PolicyReader(conditions).read("p.yaml", yaml, new Problems()).orElseThrow();
    }

    /** Mostly everything is there, now and then something is missing or old. */
    private static @Nullable Evidence evidence(Random random) {
        if (random.nextInt(20) == 0) {
            return null;
        }
        var subject = new Evidence.Subject("v" + random.nextInt(3), null);
        return new Evidence(
                random.nextInt(20) == 0 ? null : Duration.ofMillis(random.nextInt(61_000)),
                List.of(new Evidence.CanaryRun(
                        "run",
                        "production",
                        subject.version(),
                        START,
                        STATES.get(random.nextInt(STATES.size())),
                        START.plusSeconds(random.nextInt(86_400)),
                        "a reason")),
                List.of(new Evidence.Running("checkout", "staging", subject, START)),
                random.nextInt(10) == 0
                        ? List.of(new Evidence.Freeze("sale", START.plusSeconds(43_200), "the sale"))
                        : List.of(),
                List.of(),
                List.of(new Evidence.ArtifactFact("sha256:1", "v1", "registry/x", Set.of("a", "b"), "ci", START)),
                List.of(new Evidence.Approval(
                        subject,
                        "ben",
                        Set.of("sre"),
                        random.nextBoolean(),
                        false,
                        "b",
                        "b",
                        START,
                        START.plusSeconds(90_000))),
                List.of(new Evidence.Drill("staging", true, Duration.ofMillis(90_500), "ci", START)),
                "ann",
                List.of(new Evidence.Budget(
                        "production", "availability", Duration.ofHours(1), 99 + random.nextInt(2), 100, "ci", START)),
                List.of());
    }

    /** Now and then a rule is exempted, or a version is let through. */
    private static @Nullable Waivers waivers(Random random) {
        Instant from = Instant.parse("2026-03-01T00:00:00Z");
        Instant expires = Instant.parse("2026-03-09T00:00:00Z");
        return switch (random.nextInt(8)) {
            case 0 ->
                new Waivers(
                        List.of(new Exemption(
                                "e-1", "strict", "settled", null, null, "team", "OPS-1", "a drill", from, expires)),
                        List.of());
            case 1 ->
                new Waivers(
                        List.of(),
                        List.of(new GateOverride(
                                "o-1",
                                null,
                                "checkout",
                                "production",
                                "v1",
                                null,
                                "ann",
                                "ben",
                                "an outage",
                                from,
                                expires)));
            case 2 -> Waivers.NONE;
            default -> null;
        };
    }

    private List<RecordedDecision> run(Random random, int decisions) {
        var run = new ArrayList<RecordedDecision>();
        for (int i = 0; i < decisions; i++) {
            var request = new GateRequest(
                    "production",
                    "checkout",
                    "production",
                    new GateRequest.Artifact(random.nextInt(10) == 0 ? null : "v" + random.nextInt(3), null, null));
            @Nullable Double rate = random.nextInt(8) == 0 ? null : random.nextDouble();
            @Nullable
            CurrentRow current = random.nextInt(6) == 0
                    ? null
                    : CelFixture.running("v" + random.nextInt(3), random.nextInt(2), 0, null);
            EvaluationInput known = CelFixture.input(rate, EvaluationInput.Artifact.UNKNOWN, current, Duration.ZERO);
            var snapshot = new Snapshot(
                    random.nextInt(20) == 0 ? null : known.row(),
                    current,
                    random.nextInt(10) == 0 ? null : (long) random.nextInt(90_000),
                    waivers(random),
                    evidence(random));
            Instant now = START.plusMillis(random.nextInt(86_400_000));
            Decision decision = new GateEvaluator().evaluate(policies, snapshot.lifted(), snapshot.input(request), now);
            DecisionRecord record = DecisionRecord.of(
                    TimedIds.next(now), request, new DecisionRecord.Asker("default", "ci", "ann"), decision, List.of());
            byte[] logged = RecordedDecision.bytes(WrittenDecision.of(record).json(), snapshot);
            run.add(RecordedDecision.read(logged).orElseThrow());
        }
        return run;
    }

    private Replay again(RecordedDecision recorded, List<Policy> by) {
        return Replay.of(
                recorded.decision(), judge.again(recorded.decision(), requireNonNull(recorded.snapshot()), by));
    }

    @Test
    void aThousandDecisionsComeOutTheSame() {
        Map<String, Integer> outcomes = new TreeMap<>();

        for (RecordedDecision recorded : run(new Random(SEED), DECISIONS)) {
            Replay replay = again(recorded, policies);

            assertThat(replay)
                    .as("seed %d", SEED)
                    .matches(Replay::same, "the same")
                    .matches(Replay::outcomeSame);
            assertThat(replay.result()).isEqualTo(recorded.decision().withoutForce());
            outcomes.merge(recorded.decision().decision(), 1, Integer::sum);
        }

        assertThat(outcomes).as("each outcome is among them").containsOnlyKeys("allow", "deny", "error", "pending");
        assertThat(outcomes.values()).allMatch(count -> count > 20);
    }

    @Test
    void anotherPolicyIsJudgedByWhatWasKnownThen_andShowsWhatItChanges() {
        Policy lax = policy("""
                name: strict
                version: "2"
                gates: [production]
                stale_after: 60s
                stale_outcome: pending
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: 0.4, minimum_n: 5}
                """);
        int turned = 0;
        for (RecordedDecision recorded : run(new Random(SEED), FEWER)) {
            Snapshot snapshot = requireNonNull(recorded.snapshot());
            if (!snapshot.lifted().overrides().isEmpty()) {
                continue; // they let through whatever the policy is
            }
            Replay replay = again(recorded, List.of(lax));
            boolean fresh = snapshot.ageMs() != null && snapshot.ageMs() <= 60_000;
            if (snapshot.row() == null) {
                assertThat(replay.result().code()).isIn("unknown_service", "stale");
            } else {
                Double rate = snapshot.row()
                        .windows()
                        .get(1)
                        .metrics()
                        .deploymentSuccessRate()
                        .value();
                boolean expected = fresh && rate != null && rate >= 0.4;
                assertThat(replay.replayed().decision().equals("allow")).isEqualTo(expected);
            }
            assertThat(replay.result().allowed()).isFalse();
            assertThat(replay.same()).isFalse();
            turned += replay.outcomeSame() ? 0 : 1;
        }
        assertThat(turned).isGreaterThan(20);
    }

    @Test
    void namesTheRulesThatAnswerOtherwise() {
        RecordedDecision denied = run(new Random(SEED), FEWER).stream()
                .filter(recorded -> recorded.decision().code().equals("threshold"))
                .findFirst()
                .orElseThrow();

        Replay replay = again(denied, List.of(policy(STRICT.replace("threshold: 0.8", "threshold: 0.0"))));

        assertThat(replay.differences()).hasSize(1).first().satisfies(difference -> {
            assertThat(difference.rule()).isEqualTo("success");
            assertThat(requireNonNull(difference.recorded()).outcome()).isEqualTo("deny");
            assertThat(requireNonNull(difference.replayed()).outcome()).isEqualTo("allow");
        });
    }

    @Test
    void aRecordOfBeforeSnapshotsIsRead_andOneOfAnotherKindIsNone() {
        DecisionRecord decision = run(new Random(SEED), FEWER).get(0).decision();

        RecordedDecision read =
                RecordedDecision.read(WrittenDecision.of(decision).json()).orElseThrow();

        assertThat(read.decision()).isEqualTo(decision);
        assertThat(read.snapshot()).isNull();
        assertThat(RecordedDecision.read("{\"kind\":\"claim\"}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
