package dev.sluice.gate;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A requirement that a condition hold, which its policy states as an expression.
 *
 * @param id name of the rule, unique in its policy
 * @param mode whether it decides
 * @param expression what is required, as the policy writes it
 * @param message what to say where the condition does not hold; null: the expression itself
 * @param condition judges the expression
 * @param terms what it says beside
 */
public record ConditionRule(
        String id, Mode mode, String expression, @Nullable String message, Condition condition, RuleTerms terms)
        implements Rule {
    public ConditionRule {
        requireNonNull(mode, "mode");
        requireNonNull(condition, "condition");
        requireNonNull(terms, "terms");
        if (id.isBlank()) {
            throw new IllegalArgumentException("id must not be empty");
        }
        if (expression.isBlank()) {
            throw new IllegalArgumentException("expression must not be empty");
        }
        if (message != null && message.isBlank()) {
            throw new IllegalArgumentException("message must not be empty; null where there is none");
        }
    }

    /** Creates a rule of {@link RuleTerms#DEFAULT}. */
    public ConditionRule(String id, Mode mode, String expression, @Nullable String message, Condition condition) {
        this(id, mode, expression, message, condition, RuleTerms.DEFAULT);
    }
}
