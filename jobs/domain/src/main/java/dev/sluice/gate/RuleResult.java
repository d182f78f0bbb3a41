package dev.sluice.gate;

import dev.sluice.gate.ConditionResult.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one rule answered, with the numbers that it saw.
 *
 * @param policy name of the policy; null where the answer is the gate's own
 * @param rule the rule's id
 * @param mode whether it decides
 * @param outcome the answer
 * @param code why, for programs
 * @param reason why, in words and numbers
 * @param required what was required; null where the answer is the gate's own
 * @param value the metric's value in its unit, if it is a finite number
 * @param n observations behind it
 * @param read what the rule's condition has read; empty where it has none
 */
public record RuleResult(
        @Nullable String policy,
        String rule,
        Mode mode,
        Outcome outcome,
        ReasonCode code,
        String reason,
        @Nullable Rule required,
        @Nullable Double value,
        @Nullable Integer n,
        List<Reading> read) {
    public RuleResult {
        read = List.copyOf(read);
    }
}
