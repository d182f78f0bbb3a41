package dev.sluice.gate;

import dev.sluice.dora.DoraRow;
import dev.sluice.gate.ConditionResult.Reading;
import dev.sluice.gate.Requirement.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges a gate: all rules of all policies that speak of it, the worst enforced one wins.
 *
 * <p>It fails closed: whatever is not known to be good is not allowed. No policy, no enforced rule, an unknown service,
 * a metric without a value, too few observations, stale data, a rule that breaks: each is its own answer with its own
 * {@link ReasonCode}; a lack of data is allowed only where a policy says so in so many words.
 */
public final class GateEvaluator {
    /** Id of the gate's own check of a policy. */
    private static final String POLICY_CHECK = "policy";

    private static final String SERVICE_CHECK = "service";
    private static final String FRESHNESS_CHECK = "freshness";

    private final MetricSource metrics;

    /** Creates an evaluator of the metrics in a {@link DoraRow}. */
    public GateEvaluator() {
        this(GateMetric::measure);
    }

    /**
     * Creates an evaluator.
     *
     * @param metrics where the rules' metrics come from
     */
    public GateEvaluator(MetricSource metrics) {
        this.metrics = metrics;
    }

    /**
     * Returns the answer of a gate.
     *
     * <p>A rule that is exempted is judged and shown, and does not decide unless it allows. An override turns whatever does not
     * allow into an answer that does. Neither is relied on for longer than it holds. That data is stale, that a service is unknown
     * and that nothing is enforced cannot be exempted.
     *
     * @param policies all policies; those that do not speak of the gate are left out
     * @param waivers what lifts them for a time
     * @param input what is asked and known
     * @param now the moment of the decision
     */
    public Decision evaluate(List<Policy> policies, Waivers waivers, EvaluationInput input, Instant now) {
        return evaluate(policies, waivers, input, now, now);
    }

    /**
     * Returns the answer of a gate that was asked before, and was pending then.
     *
     * @param policies all policies
     * @param waivers what lifts them for a time
     * @param input what is asked and known
     * @param askedAt when it was first asked: from then on it has been pending
     * @param now the moment of the decision
     */
    public Decision evaluate(
            List<Policy> policies, Waivers waivers, EvaluationInput input, Instant askedAt, Instant now) {
        Decision judged = judge(policies, waivers, input, Duration.between(askedAt, now), now);
        return judged.outcome() == Outcome.ALLOW
                ? judged
                : waivers.overrideOf(input, now).map(judged::overriddenBy).orElse(judged);
    }

    private Decision judge(
            List<Policy> policies, Waivers waivers, EvaluationInput input, Duration waited, Instant now) {
        List<Policy> inForce = Policy.inForce(policies, input.gate(), input.environment());
        var results = new ArrayList<RuleResult>();
        if (inForce.isEmpty()) {
            results.add(own(
                    null,
                    POLICY_CHECK,
                    Outcome.DENY,
                    ReasonCode.NO_POLICY,
                    "no policy speaks of gate " + input.gate() + " in environment " + input.environment()));
        }
        Outcome staleness = Outcome.ALLOW;
        boolean stale = false;
        for (Policy policy : inForce) {
            if (isStale(policy, input.age())) {
                stale = true;
                RuleResult result = inTime(policy, stale(policy, input.age()), waited);
                staleness = staleness.worse(result.outcome());
                results.add(result);
            }
        }
        DoraRow row = input.row();
        if (row == null) {
            results.add(unknownService(input, stale, staleness));
        } else {
            for (Policy policy : inForce) {
                List<RuleResult> ofRules = policy.rules().stream()
                        .map(rule -> {
                            RuleResult result = inTime(policy, judgeSafely(policy, rule, row, input, now), waited);
                            return waivers.exemptionOf(policy, rule, input, now)
                                    .map(result::exemptedBy)
                                    .orElse(result);
                        })
                        .toList();
                results.addAll(ofRules);
                Scores.check(policy, ofRules).ifPresent(check -> results.add(inTime(policy, check, waited)));
            }
        }
        if (!inForce.isEmpty() && inForce.stream().noneMatch(GateEvaluator::enforces)) {
            results.add(own(
                    null,
                    POLICY_CHECK,
                    Outcome.DENY,
                    ReasonCode.NO_RULE,
                    "no rule of the policies for gate " + input.gate() + " is enforced"));
        }
        return conclude(inForce, results, freshness(inForce, input.age(), stale), now);
    }

    /** What has been pending for as long as its policy waits is denied. */
    private static RuleResult inTime(Policy policy, RuleResult result, Duration waited) {
        Rule rule = result.required();
        Duration limit = rule == null || rule.terms().pendingFor() == null
                ? policy.pendingFor()
                : rule.terms().pendingFor();
        return result.outcome() != Outcome.PENDING || limit == null || waited.compareTo(limit) < 0
                ? result
                : result.tooLate(result.reason() + ", but for no longer than " + Sentences.duration(limit));
    }

    private static boolean enforces(Policy policy) {
        return policy.rules().stream().anyMatch(rule -> rule.mode() == Mode.ENFORCE);
    }

    private static boolean isStale(Policy policy, @Nullable Duration age) {
        return age == null || age.compareTo(policy.staleAfter()) > 0;
    }

    private static RuleResult stale(Policy policy, @Nullable Duration age) {
        return own(policy.name(), FRESHNESS_CHECK, policy.staleOutcome(), ReasonCode.STALE, staleness(policy, age));
    }

    private static String staleness(Policy policy, @Nullable Duration age) {
        String limit = Sentences.duration(policy.staleAfter());
        String what = age == null
                ? "the age of the data is not known; at most " + limit + " is accepted"
                : "the data is " + Sentences.duration(age) + " old; at most " + limit + " is accepted";
        return what + "; " + Sentences.consequence(policy.staleOutcome());
    }

    /** What is absent from stale data may be there by now: then the answer may be to wait, but never to allow. */
    private static RuleResult unknownService(EvaluationInput input, boolean stale, Outcome staleness) {
        return own(
                null,
                SERVICE_CHECK,
                stale ? staleness.worse(Outcome.PENDING) : Outcome.DENY,
                ReasonCode.UNKNOWN_SERVICE,
                "nothing is known of service " + input.service() + " in environment " + input.environment());
    }

    private static RuleResult own(
            @Nullable String policy, String check, Outcome outcome, ReasonCode code, String reason) {
        return new RuleResult(policy, check, Mode.ENFORCE, outcome, code, reason, null, null, null, List.of(), null);
    }

    /** One rule that breaks is that rule's error; the others are still judged and shown. */
    private RuleResult judgeSafely(Policy policy, Rule rule, DoraRow row, EvaluationInput input, Instant now) {
        try {
            if (rule instanceof ThresholdRule threshold) {
                return judge(policy, threshold, row);
            }
            if (rule instanceof ConditionRule condition) {
                return judge(policy, condition, input, now);
            }
            if (rule instanceof EvidenceRule evidence) {
                return judge(policy, evidence, input, now);
            }
            throw new AssertionError(rule);
        } catch (RuntimeException e) {
            return having(
                    List.of(),
                    policy,
                    rule,
                    Outcome.ERROR,
                    ReasonCode.RULE_ERROR,
                    "rule " + rule.id() + " failed with " + e.getClass().getSimpleName());
        }
    }

    /** What was set up a moment ago may be missing from old evidence: then it proves neither that something is there nor that nothing is. */
    private static RuleResult judge(Policy policy, EvidenceRule rule, EvaluationInput input, Instant now) {
        Duration age = input.evidence().age();
        if (rule.requirement().isOfEvidence() && isStale(policy, age)) {
            return having(List.of(), policy, rule, policy.staleOutcome(), ReasonCode.STALE, staleness(policy, age));
        }
        Finding finding = rule.requirement().judge(input, now);
        return having(finding.read(), policy, rule, finding.outcome(), finding.code(), finding.reason());
    }

    private static RuleResult judge(Policy policy, ConditionRule rule, EvaluationInput input, Instant now) {
        ConditionResult result = rule.condition().judge(input, now);
        return switch (result.code()) {
            case PASSED ->
                having(
                        result.read(),
                        policy,
                        rule,
                        Outcome.ALLOW,
                        ReasonCode.PASSED,
                        Sentences.shortened(rule.expression()) + " holds");
            case CONDITION ->
                having(
                        result.read(),
                        policy,
                        rule,
                        Outcome.DENY,
                        ReasonCode.CONDITION,
                        Sentences.broken(rule, result.read()));
            default ->
                having(
                        result.read(),
                        policy,
                        rule,
                        Outcome.ERROR,
                        result.code(),
                        "rule " + rule.id() + " could not be judged: " + result.failure());
        };
    }

    private RuleResult judge(Policy policy, ThresholdRule rule, DoraRow row) {
        Optional<GateMetric> known = GateMetric.ofName(rule.metric());
        if (known.isEmpty()) {
            return about(
                    policy,
                    rule,
                    Outcome.ERROR,
                    ReasonCode.UNKNOWN_METRIC,
                    "there is no metric called " + rule.metric(),
                    null);
        }
        GateMetric metric = known.get();
        Measurement measured = metrics.measure(metric, rule.windowDays(), row);
        String subject = Sentences.subject(metric, rule);
        Double value = measured.at(rule.bound());
        if (value == null) {
            String reason = measured.value() == null ? measured.reason() : "there is no interval: too few observations";
            return about(
                    policy,
                    rule,
                    rule.whenMissing(),
                    ReasonCode.NO_DATA,
                    subject + " has no value" + (reason == null ? "" : " (" + reason + ")") + "; "
                            + Sentences.consequence(rule.whenMissing()),
                    measured);
        }
        if (!Double.isFinite(value)) {
            return about(
                    policy,
                    rule,
                    Outcome.ERROR,
                    ReasonCode.NOT_A_NUMBER,
                    subject + " is " + value + ", which is not a number",
                    new Measurement(null, measured.n(), null));
        }
        if (measured.n() < rule.minimumN()) {
            return about(
                    policy,
                    rule,
                    rule.whenMissing(),
                    ReasonCode.INSUFFICIENT_DATA,
                    Sentences.tooFew(metric, rule, measured.n()) + "; " + Sentences.consequence(rule.whenMissing()),
                    measured);
        }
        boolean met = rule.operator().holds(value, rule.threshold());
        return about(
                policy,
                rule,
                met ? Outcome.ALLOW : Outcome.DENY,
                met ? ReasonCode.PASSED : ReasonCode.THRESHOLD,
                Sentences.comparison(metric, rule, value, measured.n()),
                new Measurement(value, measured.n(), null));
    }

    private static RuleResult having(
            List<Reading> read, Policy policy, Rule rule, Outcome outcome, ReasonCode code, String reason) {
        return new RuleResult(
                policy.name(), rule.id(), rule.mode(), outcome, code, reason, rule, null, null, read, null);
    }

    private static RuleResult about(
            Policy policy,
            ThresholdRule rule,
            Outcome outcome,
            ReasonCode code,
            String reason,
            @Nullable Measurement measured) {
        return new RuleResult(
                policy.name(),
                rule.id(),
                rule.mode(),
                outcome,
                code,
                reason,
                rule,
                measured == null ? null : measured.value(),
                measured == null ? null : measured.n(),
                List.of(),
                null);
    }

    private static Decision.Freshness freshness(List<Policy> inForce, @Nullable Duration age, boolean stale) {
        Duration limit = inForce.stream()
                .map(Policy::staleAfter)
                .min(Comparator.naturalOrder())
                .orElse(Policy.DEFAULT_STALE_AFTER);
        return new Decision.Freshness(age, limit, stale);
    }

    private static String allowed(List<RuleResult> enforced) {
        Optional<RuleResult> waived = enforced.stream()
                .filter(result -> result.code() != ReasonCode.PASSED)
                .findFirst();
        if (waived.isPresent()) {
            return "no enforced rule objects, but " + waived.get().reason();
        }
        return enforced.size() == 1
                ? "the enforced rule is met: " + enforced.get(0).reason()
                : "all " + enforced.size() + " enforced rules are met";
    }

    private static Decision conclude(
            List<Policy> inForce, List<RuleResult> results, Decision.Freshness freshness, Instant now) {
        List<RuleResult> deciding = results.stream().filter(RuleResult::decides).toList();
        List<RuleResult> lifted = results.stream().filter(RuleResult::isLifted).toList();
        if (deciding.isEmpty() && lifted.isEmpty()) {
            throw new AssertionError("a gate without an enforced result has been denied above");
        }
        Outcome outcome = deciding.stream().map(RuleResult::outcome).reduce(Outcome.ALLOW, Outcome::worse);
        ReasonCode code;
        String reason;
        if (outcome != Outcome.ALLOW) {
            List<RuleResult> decisive = deciding.stream()
                    .filter(result -> result.outcome() == outcome)
                    .toList();
            code = decisive.get(0).code();
            reason = decisive.get(0).reason() + more(decisive);
        } else if (lifted.isEmpty()) {
            code = ReasonCode.PASSED;
            reason = allowed(deciding);
        } else {
            code = ReasonCode.EXEMPTED;
            reason = Sentences.exempted(lifted.get(0)) + more(lifted);
        }
        return new Decision(
                outcome,
                code,
                reason,
                inForce,
                results,
                freshness,
                now,
                expiry(inForce, lifted, now),
                null,
                Scores.least(results));
    }

    private static String more(List<RuleResult> results) {
        return results.size() > 1 ? " (and " + (results.size() - 1) + " more)" : "";
    }

    /** No answer is relied on for longer than the exemptions hold that it would differ without. */
    private static Instant expiry(List<Policy> inForce, List<RuleResult> lifted, Instant now) {
        Duration ofPolicies = inForce.stream()
                .map(Policy::expiry)
                .min(Comparator.naturalOrder())
                .orElse(Policy.DEFAULT_EXPIRY);
        return Stream.concat(
                        Stream.of(now.plus(ofPolicies)),
                        lifted.stream()
                                .map(RuleResult::exemption)
                                .filter(Objects::nonNull)
                                .map(Exemption::expires))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
