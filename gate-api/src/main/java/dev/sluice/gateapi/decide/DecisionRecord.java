package dev.sluice.gateapi.decide;

import dev.sluice.gate.Bound;
import dev.sluice.gate.ConditionResult.Reading;
import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.Exemption;
import dev.sluice.gate.GateOverride;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.Policy;
import dev.sluice.gate.RuleResult;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gateapi.access.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision as it is logged and answered. The scalar fields at the top are for callers that can read no more than one
 * path of a document.
 *
 * @param id unguessable; the same for a pending decision and what it becomes
 * @param gate the gate
 * @param tenant whose
 * @param service the service
 * @param environment where it would go
 * @param artifact what would go there; null where the caller did not say
 * @param decision allow, deny, pending or error
 * @param allowed whether it is {@code allow} and has not expired
 * @param status the same as Spinnaker calls it: SUCCEEDED, TERMINAL or RUNNING
 * @param code why, for programs
 * @param reason why, in one sentence
 * @param score the least of the policies' scores, 0 to 100; null where none has one
 * @param progress what to show while waiting
 * @param policies the policies that were in force
 * @param rules what each rule answered
 * @param inputs the records that were judged
 * @param freshness how old they were
 * @param decidedAt when
 * @param expiresAt the moment from which it may not be relied on
 * @param principal who asked: the name of the credential
 * @param owner the person or machine behind it; null where that was not kept yet
 * @param override what has opened the gate; null where the rules have decided
 */
record DecisionRecord(
        String id,
        String gate,
        String tenant,
        String service,
        String environment,
        GateRequest.@Nullable Artifact artifact,
        String decision,
        boolean allowed,
        String status,
        String code,
        String reason,
        @Nullable Double score,
        String progress,
        List<PolicyReference> policies,
        List<RuleAnswer> rules,
        List<Input> inputs,
        Freshness freshness,
        Instant decidedAt,
        Instant expiresAt,
        String principal,
        @Nullable String owner,
        @Nullable Overridden override) {
    private static final String ALLOW = Outcome.ALLOW.wireName();
    private static final String PENDING = Outcome.PENDING.wireName();
    private static final String EXPIRED = "expired";

    static DecisionRecord of(String id, GateRequest request, Asker asker, Decision decision, List<Input> inputs) {
        Outcome outcome = decision.outcome();
        Decision.Freshness freshness = decision.freshness();
        return new DecisionRecord(
                id,
                request.gate(),
                asker.tenant(),
                request.service(),
                request.environment(),
                request.artifact(),
                outcome.wireName(),
                outcome == Outcome.ALLOW,
                status(outcome),
                decision.code().wireName(),
                decision.reason(),
                decision.score(),
                (outcome == Outcome.PENDING ? "waiting: " : "decided: ") + decision.reason(),
                decision.policies().stream().map(PolicyReference::of).toList(),
                decision.results().stream().map(RuleAnswer::of).toList(),
                inputs,
                new Freshness(
                        freshness.age() == null ? null : freshness.age().toMillis(),
                        freshness.limit().toMillis(),
                        freshness.stale()),
                decision.decidedAt(),
                decision.expiresAt(),
                asker.principal(),
                asker.owner(),
                decision.override() == null ? null : Overridden.of(decision.override()));
    }

    private static String status(Outcome outcome) {
        return switch (outcome) {
            case ALLOW -> "SUCCEEDED";
            case PENDING -> "RUNNING";
            case DENY, ERROR -> "TERMINAL";
        };
    }

    /** Whether it allows, or did before it expired. */
    boolean isAllow() {
        return decision.equals(ALLOW);
    }

    boolean isPending() {
        return decision.equals(PENDING);
    }

    Asker asker() {
        return new Asker(tenant, principal, owner);
    }

    GateRequest request() {
        return new GateRequest(gate, service, environment, artifact);
    }

    /** The same with the end of its validity that an earlier answer named. */
    DecisionRecord expiringAt(Instant moment) {
        return with(decision, allowed, status, code, reason, progress, decidedAt, moment);
    }

    /** The same as it is to be read now: what has expired allows nothing. */
    DecisionRecord asOf(Instant now) {
        return allowed && !now.isBefore(expiresAt)
                ? with(decision, false, status, code, reason, progress, decidedAt, expiresAt)
                : this;
    }

    /** The same as it is shown where it allows nothing, whatever it says. */
    DecisionRecord withoutForce() {
        return with(decision, false, status, code, reason, progress, decidedAt, expiresAt);
    }

    /** What a pending decision becomes that has waited for too long. */
    DecisionRecord givenUp(Instant now) {
        String sentence = "the gate was still pending when the decision expired; last: " + reason;
        return with(
                Outcome.DENY.wireName(),
                false,
                status(Outcome.DENY),
                EXPIRED,
                sentence,
                "decided: " + sentence,
                now,
                expiresAt);
    }

    private DecisionRecord with(
            String newDecision,
            boolean newAllowed,
            String newStatus,
            String newCode,
            String newReason,
            String newProgress,
            Instant newDecidedAt,
            Instant newExpiresAt) {
        return new DecisionRecord(
                id,
                gate,
                tenant,
                service,
                environment,
                artifact,
                newDecision,
                newAllowed,
                newStatus,
                newCode,
                newReason,
                score,
                newProgress,
                policies,
                rules,
                inputs,
                freshness,
                newDecidedAt,
                newExpiresAt,
                principal,
                owner,
                override);
    }

    /**
     * Who asks.
     *
     * @param tenant whose gate it is
     * @param principal name of the credential
     * @param owner the person or machine behind it; null where that is not known
     */
    record Asker(String tenant, String principal, @Nullable String owner) {
        static Asker of(Principal principal) {
            return new Asker(principal.tenant(), principal.id(), principal.owner());
        }
    }

    /**
     * A policy that was in force.
     *
     * @param name its name
     * @param version as its author counts
     * @param digest of its content
     */
    record PolicyReference(String name, String version, String digest) {
        static PolicyReference of(Policy policy) {
            return new PolicyReference(policy.name(), policy.version(), policy.digest());
        }
    }

    /**
     * What one rule answered.
     *
     * @param policy its policy; null for the gate's own checks
     * @param rule its id
     * @param mode enforce, warn or observe
     * @param severity critical, high, medium, low or info; null for the gate's own checks
     * @param outcome allow, deny, pending or error
     * @param code why, for programs
     * @param reason why, in one sentence
     * @param metric the metric; null where the rule is not about one
     * @param window e.g. {@code 30d}
     * @param bound lower or upper where an end of the metric's interval is held against the threshold; null for its value
     * @param operator e.g. {@code >=}
     * @param threshold in the metric's unit
     * @param value in the metric's unit
     * @param n observations behind it
     * @param expression the rule's condition in CEL, shortened where it is long; null where it has none
     * @param requires the kind of evidence that the rule requires, e.g. {@code canary}; null where it requires none
     * @param read what the condition has read, or what was seen of the evidence, in that order; null for a metric
     * @param exemption what keeps the rule from deciding unless it allows; null where nothing does
     */
    record RuleAnswer(
            @Nullable String policy,
            String rule,
            String mode,
            @Nullable String severity,
            String outcome,
            String code,
            String reason,
            @Nullable String metric,
            @Nullable String window,
            @Nullable String bound,
            @Nullable String operator,
            @Nullable Double threshold,
            @Nullable Double value,
            @Nullable Integer n,
            @Nullable String expression,
            @Nullable String requires,
            @Nullable List<Reading> read,
            @Nullable Exempted exemption) {
        private static final int MOST_CHARACTERS = 1_000;

        static RuleAnswer of(RuleResult result) {
            @Nullable ThresholdRule rule = result.required() instanceof ThresholdRule threshold ? threshold : null;
            @Nullable ConditionRule condition = result.required() instanceof ConditionRule required ? required : null;
            @Nullable EvidenceRule evidence = result.required() instanceof EvidenceRule required ? required : null;
            return new RuleAnswer(
                    result.policy(),
                    result.rule(),
                    result.mode().wireName(),
                    result.required() == null
                            ? null
                            : result.required().terms().severity().wireName(),
                    result.outcome().wireName(),
                    result.code().wireName(),
                    result.reason(),
                    rule == null ? null : rule.metric(),
                    rule == null ? null : rule.windowDays() + "d",
                    rule == null || rule.bound() == Bound.VALUE
                            ? null
                            : rule.bound().wireName(),
                    rule == null ? null : rule.operator().symbol(),
                    rule == null ? null : rule.threshold(),
                    result.value(),
                    result.n(),
                    condition == null ? null : shortened(condition.expression()),
                    evidence == null ? null : evidence.requirement().kind(),
                    condition == null && evidence == null ? null : result.read(),
                    result.exemption() == null ? null : Exempted.of(result.exemption()));
        }

        private static String shortened(String expression) {
            return expression.length() <= MOST_CHARACTERS ? expression : expression.substring(0, MOST_CHARACTERS) + "…";
        }
    }

    /**
     * What keeps a rule from deciding.
     *
     * @param id its id
     * @param owner who answers for it
     * @param ticket where it is dealt with
     * @param expiresAt the moment from which it is void
     */
    record Exempted(String id, String owner, String ticket, Instant expiresAt) {
        static Exempted of(Exemption exemption) {
            return new Exempted(exemption.id(), exemption.owner(), exemption.ticket(), exemption.expires());
        }
    }

    /**
     * What has opened a gate, whatever its rules say.
     *
     * @param id its id
     * @param requester who asked for it
     * @param approver who approved it
     * @param reason why
     * @param expiresAt the moment from which it is void
     */
    record Overridden(String id, String requester, String approver, String reason, Instant expiresAt) {
        static Overridden of(GateOverride override) {
            return new Overridden(
                    override.id(), override.requester(), override.approver(), override.reason(), override.expires());
        }
    }

    /**
     * A record that was judged.
     *
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @param key its key
     * @param asOfDay the day that its windows end with, if it has windows
     * @param computedAt the progress that it stands for
     */
    record Input(
            String topic,
            int partition,
            long offset,
            String key,
            @Nullable LocalDate asOfDay,
            Instant computedAt) {}

    /**
     * How old the data was.
     *
     * @param ageMs null where that is not known
     * @param limitMs the strictest limit of the policies
     * @param stale whether it was older than a policy accepts
     */
    record Freshness(@Nullable Long ageMs, long limitMs, boolean stale) {}
}
