package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.CanaryState;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.EvaluationInput.Artifact;
import dev.sluice.gate.Evidence.Approval;
import dev.sluice.gate.Evidence.ArtifactFact;
import dev.sluice.gate.Evidence.Budget;
import dev.sluice.gate.Evidence.CanaryRun;
import dev.sluice.gate.Evidence.Drill;
import dev.sluice.gate.Evidence.ExternalAnswer;
import dev.sluice.gate.Evidence.Freeze;
import dev.sluice.gate.Evidence.Running;
import dev.sluice.gate.Evidence.Subject;
import dev.sluice.gate.Evidence.Validation;
import dev.sluice.gate.Evidence.Validation.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of requirement when it is met, when it is not, and when it cannot be told; the last never allows. */
class RequirementTest {
    private static final Instant NOW = GateFixture.NOW;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Artifact ARTIFACT = new Artifact("2.0", "sha256:2", null);
    private static final Artifact VERSION = new Artifact("2.0", null, null);
    private static final Subject SUBJECT = new Subject("2.0", "sha256:2");

    private static final Requirement CANARY = new CanaryRequirement(null, DAY, Outcome.DENY, Outcome.DENY);
    private static final Requirement DRIFT = new DriftRequirement(DAY, Outcome.DENY);
    private static final Requirement INCIDENTS = new IncidentRequirement(0, Set.of(), Outcome.DENY);
    private static final Requirement GRAVE = new IncidentRequirement(0, Set.of("SEV1", "critical"), Outcome.DENY);
    private static final Requirement AT_MOST_TWO = new IncidentRequirement(2, Set.of("sev1"), Outcome.DENY);
    private static final Requirement PARITY = new ParityRequirement("staging", Set.of("ledger"), 0, Outcome.DENY);
    private static final Requirement TESTS =
            new ValidationRequirement("staging", Set.of("smoke"), null, DAY, Set.of("ci"), Outcome.DENY);
    private static final Requirement SOAK =
            new ValidationRequirement("staging", Set.of(), Duration.ofHours(2), DAY, Set.of(), Outcome.DENY);
    private static final Requirement FREEZE = new FreezeRequirement();
    private static final Requirement DRILL =
            new DrillRequirement("staging", DAY, Duration.ofMinutes(10), Set.of(), Outcome.DENY);
    private static final Requirement SIGNED =
            new ArtifactRequirement(Set.of("release"), "registry.example.org/shop", Set.of(), Outcome.DENY);
    private static final Requirement BUDGET = new BudgetRequirement(
            "availability", 0.999, Duration.ofHours(1), 2, 1_000, Duration.ofMinutes(10), Set.of("ci"), Outcome.DENY);
    private static final Requirement EXTERNAL = new ExternalRequirement("opa", "deploy/allow", Outcome.DENY);
    private static final Requirement NO_WORSE = new TrendRequirement(
            GateMetric.DEPLOYMENT_SUCCESS_RATE, 30, 90, Operator.AT_LEAST, 0.9, 0, 5, Outcome.DENY);
    private static final Requirement APPROVALS = new ApprovalRequirement(2, Set.of("sre"), Outcome.PENDING);

    /** What is known, of which a case changes one thing. */
    private static final class Known {
        private final @Nullable Duration age = FRESH;
        private Artifact artifact = ARTIFACT;
        private @Nullable CurrentRow current;
        private List<CanaryRun> canaries = List.of();
        private List<Running> running = List.of();
        private List<Freeze> freezes = List.of();
        private List<Validation> validations = List.of();
        private List<ArtifactFact> artifacts = List.of();
        private List<Approval> approvals = List.of();
        private List<Drill> drills = List.of();
        private List<Budget> budgets = List.of();
        private List<ExternalAnswer> external = List.of();
        private DoraRow row = GateFixture.row(18, 20);

        EvaluationInput input() {
            return new EvaluationInput(
                    "production",
                    "checkout",
                    "production",
                    artifact,
                    row,
                    current,
                    FRESH,
                    new Evidence(
                            age,
                            canaries,
                            running,
                            freezes,
                            validations,
                            artifacts,
                            approvals,
                            drills,
                            "asker",
                            budgets,
                            external));
        }

        Known of(Artifact other) {
            artifact = other;
            return this;
        }
    }

    private static Known nothing() {
        return new Known();
    }

    private static Known canary(CanaryState state, Duration ago) {
        var known = new Known();
        known.canaries = List.of(
                new CanaryRun("old", "production", "2.0", NOW.minus(DAY).minus(DAY), CanaryState.FAILED, NOW, "old"),
                new CanaryRun("run", "production", "2.0", NOW.minus(DAY), state, NOW.minus(ago), "why"),
                new CanaryRun("other", "production", "3.0", NOW, CanaryState.FAILED, NOW, "another version"),
                new CanaryRun("there", "staging", "2.0", NOW, CanaryState.FAILED, NOW, "elsewhere"));
        known.artifacts = List.of(new ArtifactFact("sha256:2", "2.0", "x", Set.of(), "ci", NOW));
        return known;
    }

    private static Known current(@Nullable Boolean drifted, @Nullable Duration checked, int incidents) {
        return current(drifted, checked, incidents, null);
    }

    /** What is open; each severity with its number, or null where severities are not told. */
    private static Known open(int incidents, @Nullable Map<String, Integer> bySeverity) {
        return current(null, null, incidents, bySeverity);
    }

    private static Known current(
            @Nullable Boolean drifted,
            @Nullable Duration checked,
            int incidents,
            @Nullable Map<String, Integer> bySeverity) {
        var known = new Known();
        known.current = new CurrentRow(
                "default",
                "checkout",
                "production",
                "d",
                "1.9",
                "abc",
                null,
                NOW,
                null,
                null,
                0,
                null,
                incidents,
                bySeverity == null ? null : new TreeMap<>(bySeverity),
                drifted,
                checked == null ? null : NOW.minus(checked),
                false,
                NOW);
        return known;
    }

    private static Known running(Running... running) {
        var known = new Known();
        known.running = List.of(running);
        return known;
    }

    private static Running run(
            String service, String environment, String version, @Nullable String digest, @Nullable Duration ago) {
        return new Running(service, environment, new Subject(version, digest), ago == null ? null : NOW.minus(ago));
    }

    private static Known parity(String version, String ledgerThere) {
        return running(
                        run("checkout", "staging", version, null, DAY),
                        run("ledger", "staging", ledgerThere, null, DAY),
                        run("ledger", "production", "7", null, DAY))
                .of(VERSION);
    }

    private static Known tested(Subject subject, Result result, String source, Duration ago) {
        var known = new Known();
        known.validations = List.of(
                new Validation(
                        SUBJECT,
                        "staging",
                        "smoke",
                        Result.FAILED,
                        "ci",
                        NOW.minus(DAY).minus(DAY)),
                new Validation(subject, "staging", "smoke", result, source, NOW.minus(ago)));
        return known;
    }

    private static Known frozen(@Nullable Instant until) {
        var known = new Known();
        known.freezes = List.of(new Freeze("sale", until, "the sale"));
        return known;
    }

    private static Known drill(boolean succeeded, Duration took, Duration ago) {
        var known = new Known();
        known.drills = List.of(new Drill("staging", succeeded, took, "ci", NOW.minus(ago)));
        return known;
    }

    private static Known budget(long good, long total, Duration ago) {
        var known = new Known();
        Duration hour = Duration.ofHours(1);
        known.budgets = List.of(
                new Budget("production", "availability", hour, 0, total, "ci", NOW.minus(ago.multipliedBy(2))),
                new Budget("production", "availability", hour, good, total, "ci", NOW.minus(ago)),
                new Budget("production", "availability", hour, 0, total, "somebody", NOW),
                new Budget("production", "availability", DAY, 0, total, "ci", NOW),
                new Budget("production", "latency", hour, 0, total, "ci", NOW),
                new Budget("staging", "availability", hour, 0, total, "ci", NOW));
        return known;
    }

    private static Known answered(ExternalAnswer.Meaning result) {
        var known = new Known();
        known.external = List.of(
                new ExternalAnswer("opa", "deploy/other", ExternalAnswer.Meaning.REFUSED, ""),
                new ExternalAnswer("opa", "deploy/allow", result, "why"),
                new ExternalAnswer("other", "deploy/allow", ExternalAnswer.Meaning.REFUSED, ""));
        return known;
    }

    private static Known success(@Nullable Double recently, int n, @Nullable Double before, int nBefore) {
        DoraRow recent = GateFixture.row(recently, n);
        DoraRow past = GateFixture.row(before, nBefore);
        DoraRow.WindowMetrics window = past.windows().get(0);
        var known = new Known();
        known.row = new DoraRow(
                recent.tenant(),
                recent.service(),
                recent.environment(),
                recent.zone(),
                recent.asOfDay(),
                List.of(
                        recent.windows().get(0),
                        new DoraRow.WindowMetrics(90, window.from(), window.to(), window.metrics())),
                false,
                recent.computedAt());
        return known;
    }

    private static Known artifact(String location, String... signers) {
        var known = new Known();
        known.artifacts = List.of(new ArtifactFact("sha256:2", "2.0", location, Set.of(signers), "ci", NOW));
        return known;
    }

    private static Approval approval(String owner, String... roles) {
        return new Approval(SUBJECT, owner, Set.of(roles), true, false, "b", "b", NOW.minusSeconds(60), NOW.plus(DAY));
    }

    private static Known approved(Approval... approvals) {
        var known = new Known();
        known.approvals = List.of(approvals);
        return known;
    }

    private static Approval rejecting(String owner) {
        return new Approval(SUBJECT, owner, Set.of(), false, false, "b", "b", NOW.minusSeconds(1), NOW.plus(DAY));
    }

    private static Approval like(Approval one, boolean author, String basis, Instant expires, Subject subject) {
        return new Approval(
                subject, one.owner(), one.roles(), one.approves(), author, basis, one.basisNow(), one.at(), expires);
    }

    static Stream<Arguments> cases() {
        Approval ann = approval("ann", "sre");
        Approval bob = approval("bob", "sre", "dev");
        Duration late = DAY.plusSeconds(1);
        return Stream.of(
                of("satisfied", CANARY, canary(CanaryState.SUCCESSFUL, DAY), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", CANARY, canary(CanaryState.FAILED, FRESH), Outcome.DENY, ReasonCode.UNMET),
                of("goes on", CANARY, canary(CanaryState.RUNNING, FRESH), Outcome.PENDING, ReasonCode.WAITING),
                of("begins", CANARY, canary(CanaryState.PENDING, FRESH), Outcome.PENDING, ReasonCode.WAITING),
                of(
                        "inconclusive",
                        CANARY,
                        canary(CanaryState.INCONCLUSIVE, FRESH),
                        Outcome.DENY,
                        ReasonCode.INCONCLUSIVE),
                of("missing", CANARY, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of(
                        "missing: no version",
                        CANARY,
                        canary(CanaryState.SUCCESSFUL, FRESH).of(Artifact.UNKNOWN),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of("stale", CANARY, canary(CanaryState.SUCCESSFUL, late), Outcome.DENY, ReasonCode.STALE_EVIDENCE),
                of(
                        "missing: of another digest",
                        CANARY,
                        canary(CanaryState.SUCCESSFUL, FRESH).of(new Artifact("2.0", "sha256:9", null)),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of(
                        "satisfied: of the version alone",
                        CANARY,
                        canary(CanaryState.SUCCESSFUL, FRESH).of(VERSION),
                        Outcome.ALLOW,
                        ReasonCode.PASSED),
                of("error", CANARY, canary(CanaryState.ERROR, FRESH), Outcome.ERROR, ReasonCode.RULE_ERROR),
                of("satisfied", DRIFT, current(false, DAY, 0), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", DRIFT, current(true, FRESH, 0), Outcome.DENY, ReasonCode.UNMET),
                of("missing", DRIFT, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: never checked", DRIFT, current(null, null, 0), Outcome.DENY, ReasonCode.NO_DATA),
                of("stale", DRIFT, current(false, late, 0), Outcome.DENY, ReasonCode.STALE_EVIDENCE),
                of("satisfied", INCIDENTS, current(null, null, 0), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", INCIDENTS, current(null, null, 1), Outcome.DENY, ReasonCode.UNMET),
                of("missing", INCIDENTS, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of("NaN", INCIDENTS, current(null, null, -1), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of("satisfied: none is open", GRAVE, open(0, Map.of()), Outcome.ALLOW, ReasonCode.PASSED),
                of(
                        "satisfied: of other severities",
                        GRAVE,
                        open(3, Map.of("sev2", 2, "minor", 1)),
                        Outcome.ALLOW,
                        ReasonCode.PASSED),
                of(
                        "violated: of one severity",
                        GRAVE,
                        open(2, Map.of("sev1", 1, "sev2", 1)),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of("violated: of the other", GRAVE, open(1, Map.of("critical", 1)), Outcome.DENY, ReasonCode.UNMET),
                of("violated: without a severity", GRAVE, open(1, Map.of("", 1)), Outcome.DENY, ReasonCode.UNMET),
                of(
                        "violated: of a severity not told",
                        GRAVE,
                        open(3, Map.of("sev2", 2)),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of(
                        "satisfied: as many as are accepted",
                        AT_MOST_TWO,
                        open(9, Map.of("sev1", 1, "", 1, "sev2", 7)),
                        Outcome.ALLOW,
                        ReasonCode.PASSED),
                of(
                        "violated: one more, of all sorts",
                        AT_MOST_TWO,
                        open(10, Map.of("sev1", 1, "", 1, "sev2", 7)),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of("missing: nothing runs", GRAVE, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: a row of before severities", GRAVE, open(1, null), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: such a row, of no incident", GRAVE, open(0, null), Outcome.DENY, ReasonCode.NO_DATA),
                of("NaN: in all", GRAVE, open(-1, Map.of()), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of("NaN: of a severity", GRAVE, open(1, Map.of("sev2", -1)), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of("NaN: more than all", GRAVE, open(1, Map.of("sev2", 2)), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of(
                        "NaN: too many to add",
                        GRAVE,
                        open(1, Map.of("sev2", Integer.MAX_VALUE, "sev3", Integer.MAX_VALUE, "sev4", 3)),
                        Outcome.ERROR,
                        ReasonCode.NOT_A_NUMBER),
                of("satisfied", PARITY, parity("2.0", "7"), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", PARITY, parity("1.9", "7"), Outcome.DENY, ReasonCode.UNMET),
                of("violated by another service", PARITY, parity("2.0", "8"), Outcome.DENY, ReasonCode.UNMET),
                of("missing", PARITY, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of(
                        "missing of another service",
                        PARITY,
                        running(run("checkout", "staging", "2.0", null, DAY)).of(VERSION),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of("satisfied", TESTS, tested(SUBJECT, Result.PASSED, "ci", DAY), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", TESTS, tested(SUBJECT, Result.FAILED, "ci", FRESH), Outcome.DENY, ReasonCode.UNMET),
                of("goes on", TESTS, tested(SUBJECT, Result.RUNNING, "ci", FRESH), Outcome.PENDING, ReasonCode.WAITING),
                of("missing", TESTS, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of(
                        "missing: of another digest",
                        TESTS,
                        tested(new Subject("2.0", "sha256:9"), Result.PASSED, "ci", FRESH)
                                .of(new Artifact("2.0", "sha256:8", null)),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of(
                        "not believed: the last of who is believed failed",
                        TESTS,
                        tested(SUBJECT, Result.PASSED, "laptop", FRESH),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of("stale", TESTS, tested(SUBJECT, Result.PASSED, "ci", late), Outcome.DENY, ReasonCode.STALE_EVIDENCE),
                of(
                        "satisfied",
                        SOAK,
                        running(run("checkout", "staging", "2.0", "sha256:2", Duration.ofHours(2))),
                        Outcome.ALLOW,
                        ReasonCode.PASSED),
                of(
                        "goes on",
                        SOAK,
                        running(run("checkout", "staging", "2.0", "sha256:2", Duration.ofHours(1))),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of(
                        "missing: another runs",
                        SOAK,
                        running(run("checkout", "staging", "1.9", "sha256:1", DAY)),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of(
                        "missing: nobody knows since when",
                        SOAK,
                        running(run("checkout", "staging", "2.0", "sha256:2", null)),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of("satisfied", FREEZE, nothing(), Outcome.ALLOW, ReasonCode.PASSED),
                of("satisfied: it is over", FREEZE, frozen(NOW), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", FREEZE, frozen(NOW.plusMillis(1)), Outcome.DENY, ReasonCode.UNMET),
                of("violated, without an end", FREEZE, frozen(null), Outcome.DENY, ReasonCode.UNMET),
                of("satisfied", BUDGET, budget(9_980, 10_000, FRESH), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", BUDGET, budget(9_979, 10_000, FRESH), Outcome.DENY, ReasonCode.UNMET),
                of("missing", BUDGET, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: too few", BUDGET, budget(999, 999, FRESH), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: nothing happened", BUDGET, budget(0, 0, FRESH), Outcome.DENY, ReasonCode.NO_DATA),
                of(
                        "stale",
                        BUDGET,
                        budget(10_000, 10_000, Duration.ofMinutes(11)),
                        Outcome.DENY,
                        ReasonCode.STALE_EVIDENCE),
                of("NaN", BUDGET, budget(10_001, 10_000, FRESH), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of("NaN: below nothing", BUDGET, budget(-1, 10_000, FRESH), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of("satisfied", EXTERNAL, answered(ExternalAnswer.Meaning.ALLOWED), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", EXTERNAL, answered(ExternalAnswer.Meaning.REFUSED), Outcome.DENY, ReasonCode.UNMET),
                of("missing", EXTERNAL, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of(
                        "missing: undefined",
                        EXTERNAL,
                        answered(ExternalAnswer.Meaning.UNDEFINED),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of(
                        "missing: away",
                        EXTERNAL,
                        answered(ExternalAnswer.Meaning.UNREACHABLE),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of(
                        "error",
                        EXTERNAL,
                        answered(ExternalAnswer.Meaning.UNREADABLE),
                        Outcome.ERROR,
                        ReasonCode.RULE_ERROR),
                of("satisfied", NO_WORSE, success(0.81, 5, 0.9, 40), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", NO_WORSE, success(0.80, 5, 0.9, 40), Outcome.DENY, ReasonCode.UNMET),
                of("missing", NO_WORSE, success(null, 0, 0.9, 40), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: no past", NO_WORSE, success(0.9, 20, null, 0), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: no such window", NO_WORSE, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: too few", NO_WORSE, success(1.0, 4, 0.9, 40), Outcome.DENY, ReasonCode.NO_DATA),
                of("missing: too few before", NO_WORSE, success(1.0, 5, 0.9, 4), Outcome.DENY, ReasonCode.NO_DATA),
                of("NaN", NO_WORSE, success(Double.NaN, 5, 0.9, 40), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of(
                        "NaN before",
                        NO_WORSE,
                        success(0.9, 5, Double.POSITIVE_INFINITY, 40),
                        Outcome.ERROR,
                        ReasonCode.NOT_A_NUMBER),
                of("satisfied", DRILL, drill(true, Duration.ofMinutes(10), DAY), Outcome.ALLOW, ReasonCode.PASSED),
                of(
                        "violated: too slow",
                        DRILL,
                        drill(true, Duration.ofMinutes(11), FRESH),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of(
                        "violated: failed",
                        DRILL,
                        drill(false, Duration.ofMinutes(1), FRESH),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of("missing", DRILL, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of("stale", DRILL, drill(true, Duration.ofMinutes(1), late), Outcome.DENY, ReasonCode.STALE_EVIDENCE),
                of("NaN", DRILL, drill(true, Duration.ofMinutes(-1), FRESH), Outcome.ERROR, ReasonCode.NOT_A_NUMBER),
                of(
                        "satisfied",
                        SIGNED,
                        artifact("registry.example.org/shop/checkout", "release"),
                        Outcome.ALLOW,
                        ReasonCode.PASSED),
                of(
                        "violated: unsigned",
                        SIGNED,
                        artifact("registry.example.org/shop/checkout"),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of(
                        "violated: by another",
                        SIGNED,
                        artifact("registry.example.org/shop/checkout", "me"),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of(
                        "violated: from a look-alike",
                        SIGNED,
                        artifact("registry.example.org/shopping", "release"),
                        Outcome.DENY,
                        ReasonCode.UNMET),
                of("missing", SIGNED, nothing(), Outcome.DENY, ReasonCode.NO_DATA),
                of(
                        "missing: no digest",
                        SIGNED,
                        artifact("registry.example.org/shop", "release").of(VERSION),
                        Outcome.DENY,
                        ReasonCode.NO_DATA),
                of("satisfied", APPROVALS, approved(ann, bob), Outcome.ALLOW, ReasonCode.PASSED),
                of("violated", APPROVALS, approved(ann, bob, rejecting("eve")), Outcome.DENY, ReasonCode.UNMET),
                of("missing", APPROVALS, nothing(), Outcome.PENDING, ReasonCode.WAITING),
                of("one is not two", APPROVALS, approved(ann), Outcome.PENDING, ReasonCode.WAITING),
                of(
                        "twice the same person",
                        APPROVALS,
                        approved(ann, approval("ann", "sre", "dev")),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of(
                        "of another role",
                        APPROVALS,
                        approved(ann, approval("bob", "dev")),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of(
                        "its author",
                        APPROVALS,
                        approved(ann, like(bob, true, "b", NOW.plus(DAY), SUBJECT)),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of("who asks", APPROVALS, approved(ann, approval("asker", "sre")), Outcome.PENDING, ReasonCode.WAITING),
                of(
                        "stale: of what was there to see",
                        APPROVALS,
                        approved(ann, like(bob, false, "a", NOW.plus(DAY), SUBJECT)),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of(
                        "expired",
                        APPROVALS,
                        approved(ann, like(bob, false, "b", NOW, SUBJECT)),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of(
                        "of another digest",
                        APPROVALS,
                        approved(ann, like(bob, false, "b", NOW.plus(DAY), new Subject("2.0", "sha256:9"))),
                        Outcome.PENDING,
                        ReasonCode.WAITING),
                of(
                        "of its version alone",
                        APPROVALS,
                        approved(ann, like(bob, false, "b", NOW.plus(DAY), new Subject("2.0", null))),
                        Outcome.PENDING,
                        ReasonCode.WAITING));
    }

    private static Arguments of(String what, Requirement requirement, Known known, Outcome outcome, ReasonCode code) {
        return Arguments.of(requirement.kind() + ": " + what, requirement, known.input(), outcome, code);
    }

    private static RuleResult judged(Requirement requirement, EvaluationInput input) {
        return decided(requirement, input).results().get(0);
    }

    private static Decision decided(Requirement requirement, EvaluationInput input) {
        return new GateEvaluator()
                .evaluate(
                        List.of(GateFixture.policy(new EvidenceRule("rule", Mode.ENFORCE, requirement))),
                        Waivers.NONE,
                        input,
                        NOW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answersAsItHasTo(
            String what, Requirement requirement, EvaluationInput input, Outcome outcome, ReasonCode code) {
        RuleResult result = judged(requirement, input);

        assertThat(result.outcome()).as(result.reason()).isEqualTo(outcome);
        assertThat(result.code()).as(result.reason()).isEqualTo(code);
        assertThat(result.reason()).isNotBlank();
    }

    @Test
    void eachKindHasCasesOfEachSort() {
        List<String> names =
                cases().map(arguments -> (String) arguments.get()[0]).toList();
        for (Class<?> kind : Requirement.class.getPermittedSubclasses()) {
            String name = cases().map(arguments -> (Requirement) arguments.get()[1])
                    .filter(kind::isInstance)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no case of " + kind))
                    .kind();
            assertThat(names).as(name).anyMatch(one -> one.startsWith(name + ": satisfied"));
            assertThat(names).as(name).anyMatch(one -> one.startsWith(name + ": violated"));
        }
    }

    /** Stale, or of an age that is not known: whatever the evidence says, and whatever it is about. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void oldEvidenceNeverAllows(
            String what, Requirement requirement, EvaluationInput input, Outcome outcome, ReasonCode code) {
        for (@Nullable Duration age : ages()) {
            Evidence known = input.evidence();
            var old = new Evidence(
                    age,
                    known.canaries(),
                    known.running(),
                    known.freezes(),
                    known.validations(),
                    known.artifacts(),
                    known.approvals(),
                    known.drills(),
                    known.asker(),
                    known.budgets(),
                    known.external());
            RuleResult result = judged(
                    requirement,
                    new EvaluationInput(
                            input.gate(),
                            input.service(),
                            input.environment(),
                            input.artifact(),
                            input.row(),
                            input.current(),
                            input.age(),
                            old));

            if (requirement.isOfEvidence()) {
                assertThat(result.code()).isEqualTo(ReasonCode.STALE);
                assertThat(result.outcome()).isNotEqualTo(Outcome.ALLOW);
            } else {
                assertThat(result.outcome()).isEqualTo(outcome);
            }
        }
    }

    private static List<@Nullable Duration> ages() {
        var ages = new ArrayList<@Nullable Duration>();
        ages.add(null);
        ages.add(Duration.ofSeconds(61));
        return ages;
    }

    @Test
    void anIncidentWithoutASeverityCounts_andTheReasonSaysSo() {
        assertThat(judged(GRAVE, open(4, Map.of("sev1", 1, "", 2)).input()).reason())
                .isEqualTo("1 incident is open of severity critical or sev1, and 2 without a severity,"
                        + " and 1 of severities that are not told; at most 0 are accepted");
    }

    /** What runs is as old as the row of the metrics: when that is stale nothing is judged. */
    @Test
    void incidentsOfStaleDataNeverAllow() {
        for (@Nullable Duration age : ages()) {
            for (Requirement requirement : List.of(INCIDENTS, GRAVE)) {
                EvaluationInput known = open(0, Map.of()).input();
                var old = new EvaluationInput(
                        known.gate(),
                        known.service(),
                        known.environment(),
                        known.artifact(),
                        known.row(),
                        known.current(),
                        age,
                        known.evidence());

                Decision decision = decided(requirement, old);

                assertThat(decision.code()).isEqualTo(ReasonCode.STALE);
                assertThat(decision.outcome()).isNotEqualTo(Outcome.ALLOW);
            }
        }
    }

    @Test
    void whatIsMissingIsWhatThePolicySays() {
        for (Outcome said : EnumSet.of(Outcome.DENY, Outcome.PENDING, Outcome.ALLOW)) {
            for (Requirement requirement : List.of(
                    new CanaryRequirement(null, DAY, said, Outcome.PENDING),
                    new DriftRequirement(DAY, said),
                    new IncidentRequirement(0, Set.of(), said),
                    new IncidentRequirement(0, Set.of("sev1"), said),
                    new ParityRequirement("staging", Set.of(), 0, said),
                    new ValidationRequirement("staging", Set.of("smoke"), DAY, DAY, Set.of(), said),
                    new DrillRequirement(null, DAY, null, Set.of(), said),
                    new BudgetRequirement("slo", 0.9, DAY, 1, 1, DAY, Set.of(), said),
                    new TrendRequirement(GateMetric.CHANGE_FAIL_RATE, 7, 90, Operator.AT_MOST, 1, 0, 1, said),
                    new ArtifactRequirement(Set.of("release"), null, Set.of(), said))) {
                assertThat(judged(requirement, nothing().input()).outcome())
                        .as(requirement.toString())
                        .isEqualTo(said);
            }
        }
        assertThat(judged(
                                new ApprovalRequirement(1, Set.of(), Outcome.DENY),
                                nothing().input())
                        .outcome())
                .isEqualTo(Outcome.DENY);
    }

    @Test
    void aBudgetIsToldByItsRate_andATrendByBothValues() {
        assertThat(judged(BUDGET, budget(9_960, 10_000, FRESH).input()).reason())
                .isEqualTo(
                        "availability over 1 h burns its error budget 4.00 times as fast as 99.9 % allows: 40 of 10000"
                                + " events were bad; at most 2 times is accepted");
        assertThat(judged(NO_WORSE, success(0.5, 8, 0.9, 40).input()).reason())
                .isEqualTo("deployment success rate over 30 d is 0.5, over 90 d 0.9; at least 0.81 is required");
    }

    /** Whoever may send counts of a service must not talk over those who watch it. */
    @Test
    void ofSeveralSourcesTheWorstCountsDecide() {
        var everybody = new BudgetRequirement(
                "availability", 0.999, Duration.ofHours(1), 2, 1_000, Duration.ofMinutes(10), Set.of(), Outcome.DENY);
        Duration hour = Duration.ofHours(1);
        var known = new Known();
        known.budgets = List.of(
                new Budget("production", "availability", hour, 900, 1_000, "prom", NOW.minusSeconds(30)),
                new Budget("production", "availability", hour, 1_000, 1_000, "ci", NOW.plusSeconds(59)));
        assertThat(judged(everybody, known.input()).outcome()).isEqualTo(Outcome.DENY);

        known.budgets = List.of(
                new Budget("production", "availability", hour, 900, 1_000, "prom", NOW.minus(hour)),
                new Budget("production", "availability", hour, 1_000, 1_000, "ci", NOW));
        assertThat(judged(everybody, known.input()).outcome())
                .as("who sends no more is not heard")
                .isEqualTo(Outcome.ALLOW);
    }

    /** Nothing failed before: what is added is what one failure may come to. */
    @Test
    void aPastOfNothingAcceptsWhatIsAdded() {
        var added = new TrendRequirement(
                GateMetric.DEPLOYMENT_SUCCESS_RATE, 30, 90, Operator.AT_MOST, 2, 0.1, 1, Outcome.DENY);
        assertThat(judged(added, success(0.1, 10, 0.0, 40).input()).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(judged(added, success(0.11, 10, 0.0, 40).input()).outcome()).isEqualTo(Outcome.DENY);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> new BudgetRequirement("slo", 1, DAY, 1, 1, DAY, Set.of(), Outcome.DENY))
                .hasMessageContaining("objective");
        assertThatThrownBy(() -> new BudgetRequirement("slo", 0.9, DAY, Double.NaN, 1, DAY, Set.of(), Outcome.DENY))
                .hasMessageContaining("mostBurn");
        assertThatThrownBy(() -> new BudgetRequirement("slo", 0.9, DAY, 1, 0, DAY, Set.of(), Outcome.DENY))
                .hasMessageContaining("minimumTotal");
        assertThatThrownBy(() -> new ExternalRequirement("opa", "p", Outcome.ALLOW))
                .hasMessageContaining("whenMissing");
        assertThatThrownBy(() -> new TrendRequirement(
                        GateMetric.CHANGE_FAIL_RATE, 30, 30, Operator.AT_MOST, 1, 0, 1, Outcome.DENY))
                .hasMessageContaining("longer");
        assertThatThrownBy(() -> new CanaryRequirement(null, DAY, Outcome.DENY, Outcome.ALLOW))
                .hasMessageContaining("whenInconclusive");
        assertThatThrownBy(() -> new ApprovalRequirement(1, Set.of(), Outcome.ALLOW))
                .hasMessageContaining("whenMissing");
        assertThatThrownBy(() -> new ApprovalRequirement(0, Set.of(), Outcome.DENY))
                .hasMessageContaining("least");
        assertThatThrownBy(() -> new DriftRequirement(Duration.ZERO, Outcome.DENY))
                .hasMessageContaining("maxAge");
        assertThatThrownBy(() -> new IncidentRequirement(0, Set.of(), Outcome.ERROR))
                .hasMessageContaining("whenMissing");
        assertThatThrownBy(() -> new IncidentRequirement(0, Set.of("sev1", " "), Outcome.DENY))
                .hasMessageContaining("severities must have names");
        assertThatThrownBy(() -> new ArtifactRequirement(Set.of(), null, Set.of(), Outcome.DENY))
                .hasMessageContaining("nothing is required");
        assertThatThrownBy(() -> new ValidationRequirement("staging", Set.of(), null, DAY, Set.of(), Outcome.DENY))
                .hasMessageContaining("nothing is required");
    }
}
