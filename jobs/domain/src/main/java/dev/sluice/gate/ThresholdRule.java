package dev.sluice.gate;

import static java.util.Objects.requireNonNull;

/**
 * A requirement that one metric be on the right side of a threshold.
 *
 * @param id name of the rule, unique in its policy
 * @param mode whether it decides
 * @param metric name of a {@link GateMetric}; an unknown one makes the rule an error, never a pass
 * @param windowDays length of the rolling window in days, today included
 * @param bound what of the metric is held against the threshold
 * @param operator how the metric must compare with the threshold
 * @param threshold in the metric's unit; finite
 * @param minimumN observations below which the metric is not trusted
 * @param whenMissing the answer where the metric has no value or too few observations: DENY, PENDING or, if the policy
 *     says so, ALLOW
 * @param terms what it says beside
 */
public record ThresholdRule(
        String id,
        Mode mode,
        String metric,
        int windowDays,
        Bound bound,
        Operator operator,
        double threshold,
        int minimumN,
        Outcome whenMissing,
        RuleTerms terms)
        implements Rule {
    public ThresholdRule {
        requireNonNull(mode, "mode");
        requireNonNull(terms, "terms");
        requireNonNull(bound, "bound");
        requireNonNull(operator, "operator");
        if (id.isBlank()) {
            throw new IllegalArgumentException("id must not be empty");
        }
        if (windowDays < 1) {
            throw new IllegalArgumentException("windowDays must be positive: " + windowDays);
        }
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("threshold must be finite: " + threshold);
        }
        if (minimumN < 0) {
            throw new IllegalArgumentException("minimumN must not be negative: " + minimumN);
        }
        if (whenMissing == Outcome.ERROR) {
            throw new IllegalArgumentException("whenMissing must be DENY, PENDING or ALLOW");
        }
    }

    /** Creates a rule about the value. */
    public ThresholdRule(
            String id,
            Mode mode,
            String metric,
            int windowDays,
            Operator operator,
            double threshold,
            int minimumN,
            Outcome whenMissing,
            RuleTerms terms) {
        this(id, mode, metric, windowDays, Bound.VALUE, operator, threshold, minimumN, whenMissing, terms);
    }

    /** Creates a rule about the value, of {@link RuleTerms#DEFAULT}. */
    public ThresholdRule(
            String id,
            Mode mode,
            String metric,
            int windowDays,
            Operator operator,
            double threshold,
            int minimumN,
            Outcome whenMissing) {
        this(id, mode, metric, windowDays, Bound.VALUE, operator, threshold, minimumN, whenMissing, RuleTerms.DEFAULT);
    }
}
