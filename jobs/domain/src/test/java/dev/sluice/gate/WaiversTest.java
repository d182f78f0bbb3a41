package dev.sluice.gate;

import static dev.sluice.gate.GateFixture.FRESH;
import static dev.sluice.gate.GateFixture.NOW;
import static dev.sluice.gate.GateFixture.policy;
import static dev.sluice.gate.GateFixture.row;
import static dev.sluice.gate.GateFixture.rule;
import static dev.sluice.gate.GateFixture.whenMissing;
import static dev.sluice.gate.GateFixture.withMode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gate.EvaluationInput.Artifact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WaiversTest {
    private static final Instant LATER = NOW.plus(Duration.ofDays(7));
    private static final Artifact ARTIFACT = new Artifact("2.0", "sha256:aa", null);
    private static final EvaluationInput INPUT =
            new EvaluationInput("production", "checkout", "production", ARTIFACT, row(1, 1), null, FRESH);

    /** A rule that answers so, of {@link #INPUT}. */
    private static Rule answering(String id, Outcome outcome) {
        ThresholdRule lacking = rule(id, Mode.ENFORCE, "deployment_success_rate", Operator.AT_LEAST, 0.5);
        return switch (outcome) {
            case PENDING -> whenMissing(lacking, Outcome.PENDING);
            case ALLOW -> condition(id, ConditionResult.of(true, List.of()));
            case DENY -> condition(id, ConditionResult.of(false, List.of()));
            case ERROR -> condition(id, ConditionResult.failed(ReasonCode.RULE_ERROR, "it broke", List.of()));
        };
    }

    private static Rule condition(String id, ConditionResult result) {
        return new ConditionRule(id, Mode.ENFORCE, "c", null, (input, now) -> result);
    }

    private static Exemption exemption(
            String policy, String rule, @Nullable String service, @Nullable String environment, Instant expires) {
        return new Exemption(
                "e-1",
                policy,
                rule,
                service,
                environment,
                "payments team",
                "OPS-12",
                "the metric is wrong",
                NOW.minusSeconds(60),
                expires);
    }

    private static GateOverride override(@Nullable String version, @Nullable String digest, Instant expires) {
        return new GateOverride(
                "o-1",
                null,
                "checkout",
                "production",
                version,
                digest,
                "ann",
                "ben",
                "customers cannot pay",
                NOW.minusSeconds(60),
                expires);
    }

    private static Waivers exempting(Exemption... exemptions) {
        return new Waivers(List.of(exemptions), List.of());
    }

    private static Waivers overriding(GateOverride... overrides) {
        return new Waivers(List.of(), List.of(overrides));
    }

    private static Decision decide(Waivers waivers, Policy... policies) {
        return new GateEvaluator().evaluate(List.of(policies), waivers, INPUT, NOW);
    }

    static Stream<Arguments> combinations() {
        var all = new ArrayList<Arguments>();
        for (Outcome own : Outcome.values()) {
            for (Outcome other : Outcome.values()) {
                for (boolean exempted : new boolean[] {false, true}) {
                    for (boolean overridden : new boolean[] {false, true}) {
                        all.add(Arguments.of(own, other, exempted, overridden));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} beside {1}, exempted {2}, overridden {3}")
    @MethodSource("combinations")
    void theWorstThatIsNotLiftedDecides(Outcome own, Outcome other, boolean exempted, boolean overridden) {
        Policy policy = policy(answering("own", own), answering("other", other));
        var waivers = new Waivers(
                exempted ? List.of(exemption("default", "own", null, null, LATER)) : List.of(),
                overridden ? List.of(override("2.0", null, LATER)) : List.of());

        Decision decision = decide(waivers, policy);

        Outcome judged = exempted ? other : own.worse(other);
        assertThat(decision.outcome()).isEqualTo(overridden ? Outcome.ALLOW : judged);
        assertThat(decision.override() != null).isEqualTo(overridden && judged != Outcome.ALLOW);
        assertThat(decision.results()).extracting(RuleResult::outcome).containsExactly(own, other);
        assertThat(decision.results().get(0).exemption() != null).isEqualTo(exempted);
        if (decision.override() != null) {
            assertThat(decision.code()).isEqualTo(ReasonCode.OVERRIDDEN);
        } else if (judged == Outcome.ALLOW) {
            assertThat(decision.code()).isEqualTo(own == Outcome.ALLOW ? ReasonCode.PASSED : ReasonCode.EXEMPTED);
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void anExemptionOfTheOnlyEnforcedRuleSatisfiesIt(Outcome own) {
        Decision decision =
                decide(exempting(exemption("default", "own", null, null, LATER)), policy(answering("own", own)));

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decision.code()).isEqualTo(own == Outcome.ALLOW ? ReasonCode.PASSED : ReasonCode.EXEMPTED);
    }

    @Test
    void saysWhoLiftsWhatAndWhy() {
        Policy policy = policy(answering("own", Outcome.DENY));

        assertThat(decide(exempting(exemption("default", "own", null, null, LATER)), policy)
                        .reason())
                .isEqualTo("rule own of policy default is exempted until 2026-03-08T12:00:00Z (OPS-12):"
                        + " c does not hold");
        assertThat(decide(overriding(override("2.0", null, LATER)), policy).reason())
                .isEqualTo("overridden by ann, approved by ben: customers cannot pay; without it: c does not hold");
    }

    @Test
    void anExemptionOfARuleThatPassesLeavesTheAnswerAsItIs() {
        Exemption soonVoid = exemption("default", "own", null, null, NOW.plusSeconds(1));

        Decision decision = decide(exempting(soonVoid), policy(answering("own", Outcome.ALLOW)));

        assertThat(decision.code()).isEqualTo(ReasonCode.PASSED);
        assertThat(decision.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(decision.results().get(0).exemption()).isEqualTo(soonVoid);
    }

    @ParameterizedTest
    @CsvSource({"0, DENY", "1, ALLOW", "-1, DENY"})
    void isVoidFromTheInstantOfItsExpiryOn(long nanosLeft, Outcome expected) {
        Policy policy = policy(answering("own", Outcome.DENY));
        Instant expires = NOW.plusNanos(nanosLeft);

        assertThat(decide(exempting(exemption("default", "own", null, null, expires)), policy)
                        .outcome())
                .isEqualTo(expected);
        assertThat(decide(overriding(override("2.0", null, expires)), policy).outcome())
                .isEqualTo(expected);
    }

    @Test
    void doesNotHoldBeforeItHasBegun() {
        Exemption exemption = exemption("default", "own", null, null, LATER);
        GateOverride override = override("2.0", null, LATER);

        assertThat(exemption.holds(exemption.from())).isTrue();
        assertThat(exemption.holds(exemption.from().minusNanos(1))).isFalse();
        assertThat(override.holds(override.from())).isTrue();
        assertThat(override.holds(override.from().minusNanos(1))).isFalse();
    }

    @Test
    void theAnswerExpiresNoLaterThanWhatItRestsOn() {
        Instant soon = NOW.plusSeconds(30);
        Policy policy = policy(answering("own", Outcome.DENY), answering("other", Outcome.ERROR));

        assertThat(decide(
                                exempting(
                                        exemption("default", "own", null, null, LATER),
                                        exemption("default", "other", null, null, soon)),
                                policy)
                        .expiresAt())
                .isEqualTo(soon);
        assertThat(decide(overriding(override("2.0", null, soon)), policy).expiresAt())
                .isEqualTo(soon);
        assertThat(decide(overriding(override("2.0", null, LATER)), policy).expiresAt())
                .isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    }

    @Test
    void ofSeveralTheLongestHolds() {
        Instant soon = NOW.plusSeconds(30);
        Policy policy = policy(answering("own", Outcome.DENY));

        assertThat(decide(
                                exempting(
                                        exemption("default", "own", null, null, soon),
                                        exemption("default", "own", "checkout", null, NOW.plusSeconds(60)),
                                        exemption("default", "own", "ledger", null, LATER)),
                                policy)
                        .expiresAt())
                .isEqualTo(NOW.plusSeconds(60));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "any",
            value = {
                "default, own, any, any, ALLOW",
                "default, own, checkout, production, ALLOW",
                "default, own, ledger, any, DENY",
                "default, own, any, staging, DENY",
                "default, other, any, any, DENY",
                "strict, own, any, any, DENY"
            })
    void isOfOneRule_ofOnePolicy_andWhereItSaysSo(
            String policy, String rule, @Nullable String service, @Nullable String environment, Outcome expected) {
        assertThat(decide(
                                exempting(exemption(policy, rule, service, environment, LATER)),
                                policy(answering("own", Outcome.DENY)))
                        .outcome())
                .isEqualTo(expected);
    }

    @Test
    void theSameRuleOfAnotherPolicyStillDecides() {
        Policy other = policy("strict", Outcome.DENY, answering("own", Outcome.DENY));

        Decision decision = decide(
                exempting(exemption("default", "own", null, null, LATER)),
                policy(answering("own", Outcome.DENY)),
                other);

        assertThat(decision.outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.code()).isEqualTo(ReasonCode.CONDITION);
        assertThat(decision.results())
                .hasSize(2)
                .filteredOn(result -> result.exemption() != null)
                .hasSize(1);
    }

    @Test
    void staleDataUnknownServicesAndGatesWithoutRulesAreNotExempted_butOverridden() {
        var exempting = exempting(
                exemption("default", "own", null, null, LATER), exemption("default", "freshness", null, null, LATER));
        var overriding = overriding(override("2.0", null, LATER));
        Policy policy = policy("default", Outcome.DENY, answering("own", Outcome.DENY));
        Policy observing = policy(
                withMode(rule("own", Mode.ENFORCE, "deployment_success_rate", Operator.AT_LEAST, 0.5), Mode.OBSERVE));
        var stale = new EvaluationInput("production", "checkout", "production", ARTIFACT, row(1, 1), null, null);
        var unknown = new EvaluationInput("production", "checkout", "production", ARTIFACT, null, null, FRESH);

        assertThat(List.of(
                        evaluate(List.of(policy), exempting, stale),
                        evaluate(List.of(policy), exempting, unknown),
                        evaluate(List.of(observing), exempting, INPUT),
                        evaluate(List.of(), exempting, INPUT)))
                .extracting(Decision::code)
                .containsExactly(
                        ReasonCode.STALE, ReasonCode.UNKNOWN_SERVICE, ReasonCode.NO_RULE, ReasonCode.NO_POLICY);
        assertThat(List.of(
                        evaluate(List.of(policy), overriding, stale),
                        evaluate(List.of(policy), overriding, unknown),
                        evaluate(List.of(observing), overriding, INPUT),
                        evaluate(List.of(), overriding, INPUT)))
                .extracting(Decision::code)
                .containsOnly(ReasonCode.OVERRIDDEN);
    }

    private static Decision evaluate(List<Policy> policies, Waivers waivers, EvaluationInput input) {
        return new GateEvaluator().evaluate(policies, waivers, input, NOW);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "2.0, none, 2.0, none, true",
                "2.0, none, 2.0, sha256:aa, true",
                "2.0, none, 2.1, sha256:aa, false",
                "2.0, none, none, sha256:aa, false",
                "none, sha256:aa, 2.0, sha256:aa, true",
                "none, sha256:aa, 2.0, sha256:bb, false",
                "none, sha256:aa, 2.0, none, false",
                "2.0, sha256:aa, 2.0, sha256:aa, true",
                "2.0, sha256:aa, 2.0, sha256:bb, false",
                "2.0, sha256:aa, 2.0, none, false"
            })
    void anOverrideIsOfTheArtifactThatItNames(
            @Nullable String version,
            @Nullable String digest,
            @Nullable String askedVersion,
            @Nullable String askedDigest,
            boolean expected) {
        var asked = new EvaluationInput(
                "production",
                "checkout",
                "production",
                new Artifact(askedVersion, askedDigest, null),
                null,
                null,
                null);

        assertThat(override(version, digest, LATER).matches(asked)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "production, checkout, production, true",
        "release, checkout, production, false",
        "production, ledger, production, false",
        "production, checkout, staging, false"
    })
    void anOverrideIsOfItsGateServiceAndEnvironment(String gate, String service, String environment, boolean expected) {
        var override = new GateOverride(
                "o", "production", "checkout", "production", "2.0", null, "ann", "ben", "r", NOW, LATER);
        var asked = new EvaluationInput(gate, service, environment, ARTIFACT, null, null, null);

        assertThat(override.matches(asked)).isEqualTo(expected);
    }

    @Test
    void anOverrideNamesAnArtifact_andTakesTwoPersons() {
        assertThatThrownBy(() -> override(null, null, LATER)).hasMessageContaining("must name a version or a digest");
        assertThatThrownBy(() -> new GateOverride("o", null, "s", "e", "1", null, "ann", "ann", "r", NOW, LATER))
                .hasMessageContaining("must differ");
    }

    @Test
    void whatIsOnTrialIsShownAsExempted_andChangesNothing() {
        Policy policy = policy(
                answering("own", Outcome.ALLOW),
                withMode(rule("trial", Mode.ENFORCE, "deployment_success_rate", Operator.AT_LEAST, 0.5), Mode.OBSERVE));

        Decision decision = decide(exempting(exemption("default", "trial", null, null, NOW.plusSeconds(1))), policy);

        assertThat(decision.code()).isEqualTo(ReasonCode.PASSED);
        assertThat(decision.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(decision.results().get(1).exemption()).isNotNull();
    }

    @Test
    void theExemptionsOfARuleAreFoundWithoutAService() {
        Policy policy = policy(answering("own", Outcome.DENY));
        Rule rule = policy.rules().get(0);
        var waivers = exempting(
                exemption("default", "own", "checkout", null, NOW.plusSeconds(5)),
                exemption("default", "own", null, "production", LATER),
                exemption("default", "own", null, "staging", LATER),
                exemption("default", "own", null, null, NOW));

        assertThat(waivers.exemptionsOf(policy, rule, "production", NOW))
                .extracting(Exemption::expires)
                .containsExactly(LATER, NOW.plusSeconds(5));
        assertThat(Set.copyOf(waivers.exemptionsOf(policy, rule, "staging", NOW)))
                .hasSize(2);
    }
}
