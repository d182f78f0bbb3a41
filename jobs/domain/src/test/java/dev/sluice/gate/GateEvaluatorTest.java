package dev.sluice.gate;

import static dev.sluice.gate.GateFixture.FRESH;
import static dev.sluice.gate.GateFixture.NOW;
import static dev.sluice.gate.GateFixture.input;
import static dev.sluice.gate.GateFixture.policy;
import static dev.sluice.gate.GateFixture.row;
import static dev.sluice.gate.GateFixture.rule;
import static dev.sluice.gate.GateFixture.successRateAtLeast;
import static dev.sluice.gate.GateFixture.whenMissing;
import static dev.sluice.gate.GateFixture.withMode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gate.ConditionResult.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateEvaluatorTest {
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final List<Mode> MODES = List.of(Mode.values());
    private static final GateEvaluator EVALUATOR = new GateEvaluator();

    private static Decision decide(Policy policy, EvaluationInput input) {
        return EVALUATOR.evaluate(List.of(policy), Waivers.NONE, input, NOW);
    }

    @Test
    void allows_whenTheEnforcedRuleIsMet() {
        Decision decision = decide(policy(successRateAtLeast(0.8)), input(row(18, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decision.code()).isEqualTo(ReasonCode.PASSED);
        assertThat(decision.reason())
                .isEqualTo("the enforced rule is met: deployment success rate over 30 d is 0.90 of 20 attempts;"
                        + " at least 0.80 is required");
        assertThat(decision.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(decision.freshness()).isEqualTo(new Decision.Freshness(FRESH, Duration.ofSeconds(60), false));
    }

    @Test
    void deniesWithNumbers_whenTheRuleIsMissed() {
        Decision decision = decide(policy(successRateAtLeast(0.8)), input(row(13, 21), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.code()).isEqualTo(ReasonCode.THRESHOLD);
        assertThat(decision.reason())
                .isEqualTo("deployment success rate over 30 d is 0.62 of 21 attempts; at least 0.80 is required");
        assertThat(decision.results()).singleElement().satisfies(result -> {
            assertThat(result.value()).isEqualTo(13.0 / 21);
            assertThat(result.n()).isEqualTo(21);
        });
    }

    @Test
    void deniesWithoutAPolicyForTheGate() {
        Decision decision = EVALUATOR.evaluate(List.of(), Waivers.NONE, input(row(20, 20), FRESH), NOW);

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.code()).isEqualTo(ReasonCode.NO_POLICY);
        assertThat(decision.reason()).isEqualTo("no policy speaks of gate production in environment production");
    }

    @Test
    void deniesWithoutAPolicyForTheEnvironment() {
        var elsewhere = new Policy(
                "p",
                "1",
                "d",
                Set.of("*"),
                Set.of("staging"),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Outcome.ALLOW,
                List.of(successRateAtLeast(0)));

        assertThat(decide(elsewhere, input(row(20, 20), FRESH)).code()).isEqualTo(ReasonCode.NO_POLICY);
    }

    @ParameterizedTest
    @EnumSource(names = {"WARN", "OBSERVE"})
    void deniesWithoutAnEnforcedRule_howeverGoodTheOthersAre(Mode mode) {
        Decision decision = decide(policy(withMode(successRateAtLeast(0.8), mode)), input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.code()).isEqualTo(ReasonCode.NO_RULE);
    }

    @Test
    void deniesAnEmptyPolicy() {
        assertThat(decide(policy(), input(row(20, 20), FRESH)).code()).isEqualTo(ReasonCode.NO_RULE);
    }

    @Test
    void deniesAnUnknownService() {
        Decision decision = decide(policy(whenMissing(successRateAtLeast(0), Outcome.ALLOW)), input(null, FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.code()).isEqualTo(ReasonCode.UNKNOWN_SERVICE);
        assertThat(decision.reason()).isEqualTo("nothing is known of service checkout in environment production");
    }

    @ParameterizedTest
    @CsvSource({"ALLOW,PENDING", "PENDING,PENDING", "DENY,DENY"})
    void neverAllowsAServiceThatIsAbsentFromStaleData(Outcome staleOutcome, Outcome expected) {
        Decision decision = decide(policy("p", staleOutcome, successRateAtLeast(0)), input(null, null));

        assertThat(decision.outcome()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"DENY", "PENDING", "ALLOW"})
    void answersAsThePolicySays_whenTheMetricHasNoValue(Outcome whenMissing) {
        Decision decision = decide(policy(whenMissing(successRateAtLeast(0.8), whenMissing)), input(row(0, 0), FRESH));

        assertThat(decision.outcome()).isEqualTo(whenMissing);
        assertThat(decision.results()).singleElement().satisfies(result -> {
            assertThat(result.code()).isEqualTo(ReasonCode.NO_DATA);
            assertThat(result.reason()).contains("has no value (NO_ATTEMPTS)", "the policy says to");
        });
        assertThat(decision.reason()).contains("has no value");
    }

    @ParameterizedTest
    @EnumSource(names = {"DENY", "PENDING", "ALLOW"})
    void answersAsThePolicySays_whenThereAreTooFewObservations(Outcome whenMissing) {
        Decision decision = decide(policy(whenMissing(successRateAtLeast(0.8), whenMissing)), input(row(4, 4), FRESH));

        assertThat(decision.outcome()).isEqualTo(whenMissing);
        assertThat(decision.results()).singleElement().satisfies(result -> {
            assertThat(result.code()).isEqualTo(ReasonCode.INSUFFICIENT_DATA);
            assertThat(result.reason()).contains("has only 4 attempts behind it; at least 5 are needed");
        });
    }

    @Test
    void deniesAWindowThatIsNotThere() {
        var rule = new ThresholdRule(
                "r", Mode.ENFORCE, "deployment_frequency", 365, Operator.AT_LEAST, 0, 0, Outcome.DENY);

        Decision decision = decide(policy(rule), input(row(20, 20), FRESH));

        assertThat(decision.code()).isEqualTo(ReasonCode.NO_DATA);
        assertThat(decision.reason()).contains("there is no window of 365 d");
    }

    @ParameterizedTest
    @EnumSource(names = {"DENY", "PENDING", "ALLOW"})
    void answersAsThePolicySays_whenTheDataIsStale(Outcome staleOutcome) {
        Decision decision =
                decide(policy("p", staleOutcome, successRateAtLeast(0.8)), input(row(20, 20), Duration.ofSeconds(61)));

        assertThat(decision.outcome()).isEqualTo(staleOutcome);
        assertThat(decision.freshness().stale()).isTrue();
        assertThat(decision.reason()).contains("the data is 1 min 1 s old; at most 1 min is accepted");
    }

    @Test
    void takesAnUnknownAgeForStale() {
        Decision decision = decide(policy(successRateAtLeast(0.8)), input(row(20, 20), null));

        assertThat(decision.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(decision.code()).isEqualTo(ReasonCode.STALE);
        assertThat(decision.reason()).startsWith("the age of the data is not known");
    }

    @Test
    void acceptsDataOfExactlyTheLimit() {
        Decision decision = decide(policy(successRateAtLeast(0.8)), input(row(20, 20), Duration.ofSeconds(60)));

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void turnsARuleThatBreaksIntoAnError_andJudgesTheOthers() {
        var evaluator = new GateEvaluator((metric, days, row) -> {
            if (metric == GateMetric.CHANGE_LEAD_TIME_P90) {
                throw new IllegalStateException("secret detail");
            }
            return new Measurement(1.0, 10, null);
        });
        var broken = rule("broken", Mode.ENFORCE, "change_lead_time_p90", Operator.AT_MOST, 1);

        Decision decision = evaluator.evaluate(
                List.of(policy(broken, successRateAtLeast(0.8))), Waivers.NONE, input(row(20, 20), FRESH), NOW);

        assertThat(decision.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(decision.code()).isEqualTo(ReasonCode.RULE_ERROR);
        assertThat(decision.reason()).isEqualTo("rule broken failed with IllegalStateException");
        assertThat(decision.results()).extracting(RuleResult::outcome).containsExactly(Outcome.ERROR, Outcome.ALLOW);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void takesAValueThatIsNoNumberForAnError(double value) {
        var lenient = whenMissing(successRateAtLeast(-1e9), Outcome.ALLOW);

        Decision decision = decide(policy(lenient), input(row(value, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(decision.code()).isEqualTo(ReasonCode.NOT_A_NUMBER);
        assertThat(decision.results())
                .singleElement()
                .satisfies(result -> assertThat(result.value()).isNull());
    }

    @Test
    void takesAnUnknownMetricForAnError() {
        Decision decision = decide(
                policy(whenMissing(rule("r", Mode.ENFORCE, "mttr", Operator.AT_MOST, 1), Outcome.ALLOW)),
                input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(decision.code()).isEqualTo(ReasonCode.UNKNOWN_METRIC);
    }

    private static ConditionRule condition(@Nullable String message, Condition condition) {
        return new ConditionRule("condition", Mode.ENFORCE, "a ==\n  b", message, condition);
    }

    @Test
    void allowsWhatAConditionAllows() {
        Decision decision = decide(
                policy(condition("a is not b", (input, now) -> ConditionResult.of(true, List.of()))),
                input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decision.reason()).isEqualTo("the enforced rule is met: a == b holds");
    }

    @Test
    void deniesWithTheMessageOrTheExpression_andWhatWasRead() {
        var read = List.of(new Reading("a", "1"), new Reading("b", null));
        Condition broken = (input, now) -> ConditionResult.of(false, read);

        Decision decision = decide(policy(condition("they differ", broken)), input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.code()).isEqualTo(ReasonCode.CONDITION);
        assertThat(decision.reason()).isEqualTo("they differ; a is 1, b is not known");
        assertThat(decision.results())
                .singleElement()
                .satisfies(result -> assertThat(result.read()).isEqualTo(read));
        assertThat(decide(policy(condition(null, broken)), input(row(20, 20), FRESH))
                        .reason())
                .isEqualTo("a == b does not hold; a is 1, b is not known");
    }

    @Test
    void shortensALongExpression() {
        var rule = new ConditionRule(
                "long", Mode.ENFORCE, "x".repeat(1_000), null, (input, now) -> ConditionResult.of(false, List.of()));

        assertThat(decide(policy(rule), input(row(20, 20), FRESH)).reason())
                .isEqualTo("x".repeat(200) + "… does not hold");
    }

    @ParameterizedTest
    @EnumSource(names = {"RULE_ERROR", "MISSING_INPUT", "NOT_A_NUMBER"})
    void neverAllowsAConditionThatCouldNotBeJudged(ReasonCode code) {
        Decision decision = decide(
                policy(condition(null, (input, now) -> ConditionResult.failed(code, "no luck", List.of()))),
                input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(decision.code()).isEqualTo(code);
        assertThat(decision.reason()).isEqualTo("rule condition could not be judged: no luck");
    }

    @Test
    void neverAllowsAConditionThatThrows() {
        Decision decision = decide(
                policy(condition(null, (input, now) -> {
                    throw new IllegalStateException("secret detail");
                })),
                input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(decision.reason()).isEqualTo("rule condition failed with IllegalStateException");
    }

    @Test
    void judgesNoConditionOfAnUnknownService() {
        Decision decision = decide(
                policy(condition(null, (input, now) -> ConditionResult.of(true, List.of()))), input(null, FRESH));

        assertThat(decision.code()).isEqualTo(ReasonCode.UNKNOWN_SERVICE);
    }

    @Test
    void refusesAResultThatContradictsItself() {
        assertThatThrownBy(() -> ConditionResult.failed(ReasonCode.PASSED, "but no", List.of()))
                .hasMessageContaining("PASSED");
        assertThatThrownBy(() -> new ConditionResult(ReasonCode.RULE_ERROR, null, List.of()))
                .hasMessageContaining("RULE_ERROR");
    }

    @Test
    void warnAndObserveRulesAreShownAndChangeNothing() {
        var warned = rule("warned", Mode.WARN, "change_lead_time_median", Operator.AT_MOST, 3600);
        var observed = rule("observed", Mode.OBSERVE, "no_such_metric", Operator.AT_MOST, 3600);

        Decision decision = decide(policy(successRateAtLeast(0.8), warned, observed), input(row(20, 20), FRESH));

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decision.results())
                .extracting(RuleResult::outcome)
                .containsExactly(Outcome.ALLOW, Outcome.DENY, Outcome.ERROR);
    }

    @Test
    void allPoliciesOfTheGateCount_andTheStrictestExpiryAndLimit() {
        var strict = new Policy(
                "strict",
                "2",
                "d",
                Set.of("*"),
                Set.of("production"),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                Outcome.DENY,
                List.of(successRateAtLeast(0.99)));

        Decision decision = EVALUATOR.evaluate(
                List.of(policy(successRateAtLeast(0.5)), strict), Waivers.NONE, input(row(9, 10), FRESH), NOW);

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.policies()).extracting(Policy::name).containsExactly("default", "strict");
        assertThat(decision.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(2)));
        assertThat(decision.freshness().limit()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theWorstEnforcedOutcomeWins_whateverTheOrder(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var rules = new Rule[1 + random.nextInt(6)];
            var outcomes = new Outcome[rules.length];
            Outcome worst = null;
            for (int i = 0; i < rules.length; i++) {
                Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
                Mode mode = MODES.get(random.nextInt(MODES.size()));
                outcomes[i] = outcome;
                rules[i] = ruleWith("r" + i, mode, outcome);
                if (mode == Mode.ENFORCE) {
                    worst = worst == null ? outcome : worst.worse(outcome);
                }
            }
            Outcome expected = worst == null ? Outcome.DENY : worst;

            Decision decision = new GateEvaluator((metric, days, row) -> measurement(days))
                    .evaluate(List.of(policy(rules)), Waivers.NONE, input(row(1, 1), FRESH), NOW);

            assertThat(decision.outcome())
                    .as("seed %d, round %d, %s of %s", seed, round, List.of(outcomes), List.of(rules))
                    .isEqualTo(expected);
        }
    }

    /** A rule that has the outcome with {@link #measurement}, which tells it by the window's length. */
    private static Rule ruleWith(String id, Mode mode, Outcome outcome) {
        return new ThresholdRule(
                id,
                mode,
                "deployment_frequency",
                1 + OUTCOMES.indexOf(outcome),
                Operator.AT_LEAST,
                1,
                0,
                outcome == Outcome.PENDING ? Outcome.PENDING : Outcome.DENY);
    }

    private static Measurement measurement(int days) {
        return new Measurement(value(OUTCOMES.get(days - 1)), 10, null);
    }

    private static @Nullable Double value(Outcome outcome) {
        return switch (outcome) {
            case ALLOW -> 1.0;
            case PENDING -> null;
            case DENY -> 0.0;
            case ERROR -> Double.NaN;
        };
    }

    @Test
    void refusesAnErrorAsTheAnswerToMissingOrStaleData() {
        assertThatThrownBy(() -> whenMissing(successRateAtLeast(0), Outcome.ERROR))
                .hasMessageContaining("whenMissing");
        assertThatThrownBy(() -> policy("p", Outcome.ERROR)).hasMessageContaining("staleOutcome");
    }

    @Test
    void refusesImpossibleRulesAndPolicies() {
        assertThatThrownBy(() -> successRateAtLeast(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> policy(successRateAtLeast(0), successRateAtLeast(1)))
                .hasMessage("two rules are called success");
    }
}
