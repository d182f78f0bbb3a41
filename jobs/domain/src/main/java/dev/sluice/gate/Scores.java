package dev.sluice.gate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores of policies: 100 x the sum of the weights of the rules that are met / the sum of the weights of those that are judged.
 * Rules on trial and exempted ones that do not allow are left out; what has no data is not met, whatever the policy says to do then.
 */
final class Scores {
    /** Id of the check of a score. */
    private static final String CHECK = "score";

    private static final double PERCENT = 100;
    /** By so much sums of weights may be off. */
    private static final double SLACK = 1e-9;

    private Scores() {}

    /** Returns the check of a policy's score; nothing if it wants none, or no rule counts. */
    static Optional<RuleResult> check(Policy policy, List<RuleResult> results) {
        Double pass = policy.passScore();
        List<RuleResult> counted = results.stream()
                .filter(result -> result.mode() != Mode.OBSERVE)
                .filter(result -> result.exemption() == null || result.outcome() == Outcome.ALLOW)
                .toList();
        if (pass == null || counted.isEmpty()) {
            return Optional.empty();
        }
        double all = counted.stream().mapToDouble(Scores::weight).sum();
        double met = counted.stream()
                .filter(result -> result.code() == ReasonCode.PASSED)
                .mapToDouble(Scores::weight)
                .sum();
        double waiting = counted.stream()
                .filter(result -> result.outcome() == Outcome.PENDING)
                .mapToDouble(Scores::weight)
                .sum();
        double score = PERCENT * met / all;
        String reason = "the score of policy " + policy.name() + " is " + shown(score) + "; at least " + shown(pass)
                + " is required";
        if (score >= pass - SLACK) {
            return Optional.of(result(policy, Outcome.ALLOW, ReasonCode.PASSED, reason, score, counted.size()));
        }
        return Optional.of(
                PERCENT * (met + waiting) / all >= pass - SLACK
                        ? result(
                                policy,
                                Outcome.PENDING,
                                ReasonCode.SCORE,
                                reason + ", and rules are pending that can still decide it",
                                score,
                                counted.size())
                        : result(policy, Outcome.DENY, ReasonCode.SCORE, reason, score, counted.size()));
    }

    /** Returns the least of the scores among results; null if there is none. */
    static @Nullable Double least(List<RuleResult> results) {
        return results.stream()
                .filter(result -> result.required() == null && result.rule().equals(CHECK))
                .flatMap(result -> Optional.ofNullable(result.value()).stream())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static double weight(RuleResult result) {
        Rule rule = result.required();
        return rule == null ? 0 : rule.terms().weight();
    }

    private static RuleResult result(
            Policy policy, Outcome outcome, ReasonCode code, String reason, double score, int n) {
        return new RuleResult(
                policy.name(), CHECK, Mode.ENFORCE, outcome, code, reason, null, score, n, List.of(), null);
    }

    private static String shown(double score) {
        return BigDecimal.valueOf(score)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
