package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.Exemption;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Requirement;
import dev.sluice.gate.Rule;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gate.Waivers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gate would be judged by now.
 *
 * @param gate the gate
 * @param environment where a version would go
 * @param policies that speak of them
 */
record EffectivePolicies(String gate, String environment, List<Effective> policies) {
    static EffectivePolicies of(
            String gate, String environment, List<Policies.Sourced> inForce, Waivers waivers, Instant now) {
        return new EffectivePolicies(
                gate,
                environment,
                inForce.stream()
                        .filter(sourced -> sourced.policy().appliesTo(gate, environment))
                        .map(sourced -> effective(sourced, environment, waivers, now))
                        .toList());
    }

    private static Effective effective(Policies.Sourced sourced, String environment, Waivers waivers, Instant now) {
        Policy policy = sourced.policy().in(environment);
        return new Effective(
                policy.name(),
                sourced.source(),
                policy.version(),
                policy.digest(),
                policy.expiry().toMillis(),
                policy.staleAfter().toMillis(),
                policy.staleOutcome().wireName(),
                millis(policy.pendingFor()),
                policy.passScore() == null ? null : new Score(policy.passScore()),
                policy.rules().stream()
                        .map(rule -> rule(
                                rule,
                                waivers.exemptionsOf(policy, rule, environment, now).stream()
                                        .map(Exempted::of)
                                        .toList()))
                        .toList());
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private static EffectiveRule rule(Rule rule, List<Exempted> exemptions) {
        @Nullable ThresholdRule threshold = rule instanceof ThresholdRule found ? found : null;
        @Nullable ConditionRule condition = rule instanceof ConditionRule found ? found : null;
        @Nullable Requirement required = rule instanceof EvidenceRule found ? found.requirement() : null;
        return new EffectiveRule(
                rule.id(),
                rule.mode().wireName(),
                rule.terms().severity().wireName(),
                rule.terms().weight(),
                millis(rule.terms().pendingFor()),
                threshold == null ? null : threshold.metric(),
                threshold == null ? null : threshold.windowDays() + "d",
                threshold == null ? null : threshold.bound().wireName(),
                threshold == null ? null : threshold.operator().symbol(),
                threshold == null ? null : threshold.threshold(),
                threshold == null ? null : threshold.minimumN(),
                threshold == null ? null : threshold.whenMissing().wireName(),
                condition == null ? null : condition.expression(),
                required == null ? null : required.kind(),
                required == null ? null : EvidenceRules.canonical(required),
                exemptions);
    }

    /**
     * A policy that speaks of the gate.
     *
     * @param name its name
     * @param source {@code directory}, {@code shipped} or {@code api}
     * @param version as its author counts
     * @param digest of its content
     * @param expiresAfterMs how long an answer may be relied on
     * @param staleAfterMs age of the data beyond which it is stale
     * @param staleOutcome the answer to stale data
     * @param pendingForMs how long it may be pending before it denies; null: until the decision expires
     * @param score what share of its rules must be met; null where none must
     * @param rules its rules
     */
    record Effective(
            String name,
            String source,
            String version,
            String digest,
            long expiresAfterMs,
            long staleAfterMs,
            String staleOutcome,
            @Nullable Long pendingForMs,
            @Nullable Score score,
            List<EffectiveRule> rules) {}

    /**
     * What share of a policy's rules must be met, by their weights.
     *
     * @param pass in percent
     */
    record Score(double pass) {}

    /**
     * A rule.
     *
     * @param id its id
     * @param mode enforce, warn or observe
     * @param severity critical, high, medium, low or info
     * @param weight in the policy's score
     * @param pendingForMs how long it may be pending before it denies; null: as its policy says
     * @param metric the metric; null where the rule is not about one
     * @param window e.g. {@code 30d}
     * @param bound {@code value}, or the end of the metric's interval that is held against the threshold
     * @param operator e.g. {@code >=}
     * @param threshold in the metric's unit
     * @param minimumN observations below which the metric is not trusted
     * @param whenMissing the answer where the metric has no value
     * @param expression the rule's condition in CEL; null where it has none
     * @param requires the kind of evidence that the rule requires; null where it requires none
     * @param settings of that kind those that are not at their default, durations in milliseconds; null where it requires none
     * @param exemptions that hold now, of any service
     */
    record EffectiveRule(
            String id,
            String mode,
            String severity,
            double weight,
            @Nullable Long pendingForMs,
            @Nullable String metric,
            @Nullable String window,
            @Nullable String bound,
            @Nullable String operator,
            @Nullable Double threshold,
            @Nullable Integer minimumN,
            @Nullable String whenMissing,
            @Nullable String expression,
            @Nullable String requires,
            @Nullable JsonNode settings,
            List<Exempted> exemptions) {}

    /**
     * What keeps a rule from deciding.
     *
     * @param id its id
     * @param owner who answers for it
     * @param ticket where it is dealt with
     * @param service for which service; null means each
     * @param environment where; null means everywhere
     * @param expiresAt the moment from which it is void
     */
    record Exempted(
            String id,
            String owner,
            String ticket,
            @Nullable String service,
            @Nullable String environment,
            Instant expiresAt) {
        static Exempted of(Exemption exemption) {
            return new Exempted(
                    exemption.id(),
                    exemption.owner(),
                    exemption.ticket(),
                    exemption.service(),
                    exemption.environment(),
                    exemption.expires());
        }
    }
}
