package dev.sluice.gate;

import java.time.Instant;

/**
 * Judges an expression. The language of expressions is no concern of this package: whoever reads a policy supplies the
 * condition.
 */
@FunctionalInterface
public interface Condition {
    /**
     * Judges the expression; ends within bounded time.
     *
     * @param input what is asked and known; its row is present
     * @param now the moment of the decision
     */
    ConditionResult judge(EvaluationInput input, Instant now);
}
