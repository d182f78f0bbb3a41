package dev.sluice.gate;

import static dev.sluice.gate.GateFixture.FRESH;
import static dev.sluice.gate.GateFixture.NOW;
import static dev.sluice.gate.GateFixture.input;
import static dev.sluice.gate.GateFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoresTest {
    private static Rule rule(String id, Mode mode, double weight, ConditionResult result) {
        return new ConditionRule(
                id, mode, "c", null, (input, now) -> result, new RuleTerms(Severity.MEDIUM, weight, null));
    }

    private static Rule met(String id, double weight) {
        return rule(id, Mode.ENFORCE, weight, ConditionResult.of(true, List.of()));
    }

    private static Rule missed(String id, double weight) {
        return rule(id, Mode.WARN, weight, ConditionResult.of(false, List.of()));
    }

    /** Without enough data: pending, or whatever the policy says. */
    private static Rule lacking(String id, Outcome whenMissing, double weight, @Nullable Duration pendingFor) {
        return new ThresholdRule(
                id,
                Mode.WARN,
                "deployment_success_rate",
                30,
                Operator.AT_LEAST,
                0.5,
                5,
                whenMissing,
                new RuleTerms(Severity.MEDIUM, weight, pendingFor));
    }

    private static Policy policy(@Nullable Double pass, @Nullable Duration pendingFor, Rule... rules) {
        return new Policy(
                "scored",
                "1",
                "sha256:00",
                Set.of("production"),
                null,
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                Outcome.PENDING,
                List.of(rules),
                pass,
                pendingFor,
                Map.of());
    }

    private static Decision decide(Waivers waivers, Policy... policies) {
        return new GateEvaluator().evaluate(List.of(policies), waivers, input(row(1, 1), FRESH), NOW);
    }

    private static Decision decide(Policy... policies) {
        return decide(Waivers.NONE, policies);
    }

    @ParameterizedTest
    @CsvSource({"75, ALLOW, PASSED", "75.1, DENY, SCORE", "100, DENY, SCORE", "1, ALLOW, PASSED"})
    void isTheShareOfWeightsThatAreMet(double pass, Outcome outcome, ReasonCode code) {
        Decision decision = decide(policy(pass, null, met("a", 2), met("b", 1), missed("c", 1)));

        assertThat(decision.score()).isEqualTo(75);
        assertThat(decision.outcome()).isEqualTo(outcome);
        assertThat(decision.code()).isEqualTo(code);
        assertThat(decision.results()).hasSize(4);
    }

    @Test
    void saysWhatItIsAndWhatIsRequired() {
        assertThat(decide(policy(80.0, null, met("a", 2), missed("b", 1))).reason())
                .isEqualTo("the score of policy scored is 66.7; at least 80 is required");
    }

    @Test
    void thirdsAddUp() {
        Decision decision = decide(policy(100.0, null, met("a", 0.1), met("b", 0.2), met("c", 0.7)));

        assertThat(decision.score()).isCloseTo(100, within(1e-9));
        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void aRuleOnTrialDoesNotCount() {
        Rule trial = rule("t", Mode.OBSERVE, 100, ConditionResult.of(false, List.of()));

        assertThat(decide(policy(100.0, null, met("a", 1), trial)).score()).isEqualTo(100);
    }

    @Test
    void whatHasNoDataIsNotMet_alsoWhereThePolicySaysToAllow() {
        Decision decision = decide(policy(80.0, null, met("a", 1), lacking("b", Outcome.ALLOW, 1, null)));

        assertThat(decision.score()).isEqualTo(50);
        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
    }

    @ParameterizedTest
    @CsvSource({"50, ALLOW", "51, PENDING", "75, PENDING", "76, DENY"})
    void isPendingWhileRulesCanStillDecideIt(double pass, Outcome expected) {
        Decision decision =
                decide(policy(pass, null, met("a", 2), missed("b", 1), lacking("c", Outcome.PENDING, 1, null)));

        assertThat(decision.outcome()).isEqualTo(expected);
    }

    @Test
    void anExemptedRuleDoesNotCount_unlessItIsMet() {
        var waivers = new Waivers(
                List.of(
                        new Exemption("e", "scored", "b", null, null, "o", "t", "r", NOW, NOW.plusSeconds(60)),
                        new Exemption("f", "scored", "a", null, null, "o", "t", "r", NOW, NOW.plusSeconds(60))),
                List.of());

        Decision decision = decide(waivers, policy(100.0, null, met("a", 1), missed("b", 3)));

        assertThat(decision.score()).isEqualTo(100);
        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void theDecisionsIsTheLeastOfAllPolicies() {
        Policy half = policy(10.0, null, met("a", 1), missed("b", 1));
        Policy all = policy(10.0, null, met("a", 1));

        assertThat(decide(all, half, policy(null, null, met("a", 1))).score()).isEqualTo(50);
        assertThat(decide(policy(null, null, met("a", 1))).score()).isNull();
    }

    private static Decision after(long seconds, Policy policy) {
        Instant askedAt = NOW.minusSeconds(seconds);
        return new GateEvaluator().evaluate(List.of(policy), Waivers.NONE, input(row(1, 1), FRESH), askedAt, NOW);
    }

    private static Rule enforced(@Nullable Duration pendingFor) {
        return new ThresholdRule(
                "e",
                Mode.ENFORCE,
                "deployment_success_rate",
                30,
                Operator.AT_LEAST,
                0.5,
                5,
                Outcome.PENDING,
                new RuleTerms(Severity.HIGH, 1, pendingFor));
    }

    @ParameterizedTest
    @CsvSource({"0, PENDING", "59, PENDING", "60, DENY", "600, DENY"})
    void whatIsPendingForAsLongAsThePolicyWaitsIsDenied(long waited, Outcome expected) {
        Duration limit = Duration.ofMinutes(1);

        assertThat(after(waited, policy(null, limit, enforced(null))).outcome()).isEqualTo(expected);
        assertThat(after(waited, policy(null, null, enforced(limit))).outcome()).isEqualTo(expected);
    }

    @Test
    void theRulesOwnDeadlineGoesFirst_andWithoutOneItWaits() {
        Duration minute = Duration.ofMinutes(1);

        assertThat(after(90, policy(null, minute, enforced(minute.multipliedBy(2))))
                        .outcome())
                .isEqualTo(Outcome.PENDING);
        assertThat(after(9_000, policy(null, null, enforced(null))).outcome()).isEqualTo(Outcome.PENDING);
        assertThat(after(60, policy(null, minute, enforced(null)))).satisfies(decision -> {
            assertThat(decision.code()).isEqualTo(ReasonCode.DEADLINE);
            assertThat(decision.reason())
                    .isEqualTo("deployment success rate over 30 d has only 1 attempt behind it; at least 5 are needed;"
                            + " the policy says to wait in this case, but for no longer than 1 min");
        });
    }

    @Test
    void staleDataAndScoresHaveTheDeadlineOfThePolicy() {
        Policy policy =
                policy(90.0, Duration.ofMinutes(1), met("a", 1), lacking("b", Outcome.PENDING, 1, Duration.ofHours(1)));
        var stale = new GateEvaluator()
                .evaluate(List.of(policy), Waivers.NONE, input(row(20, 20), null), NOW.minusSeconds(60), NOW);

        assertThat(stale.code()).isEqualTo(ReasonCode.DEADLINE);
        assertThat(after(59, policy).outcome()).isEqualTo(Outcome.PENDING);
        assertThat(after(60, policy).outcome()).isEqualTo(Outcome.DENY);
    }

    @Test
    void refusesTermsWithoutMeaning() {
        assertThatThrownBy(() -> new RuleTerms(Severity.LOW, 0, null)).hasMessageContaining("weight");
        assertThatThrownBy(() -> new RuleTerms(Severity.LOW, 1, Duration.ZERO)).hasMessageContaining("pendingFor");
        assertThatThrownBy(() -> policy(101.0, null)).hasMessageContaining("passScore");
        assertThatThrownBy(() -> policy(null, Duration.ZERO)).hasMessageContaining("pendingFor");
    }
}
