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
 * @param exemption what keeps the rule from deciding; null where nothing does
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
        List<Reading> read,
        @Nullable Exemption exemption) {
    public RuleResult {
        read = List.copyOf(read);
    }

    /** Returns the same of a rule that is exempted. */
    RuleResult exemptedBy(Exemption by) {
        return new RuleResult(policy, rule, mode, outcome, code, reason, required, value, n, read, by);
    }

    /** Returns the same of a rule that has been pending for too long. */
    RuleResult tooLate(String why) {
        return new RuleResult(
                policy, rule, mode, Outcome.DENY, ReasonCode.DEADLINE, why, required, value, n, read, exemption);
    }

    /** Returns whether the outcome counts: what is exempted counts only as far as it allows. */
    boolean decides() {
        return mode == Mode.ENFORCE && !isLifted();
    }

    /** Returns whether the outcome would count, and an exemption keeps it from counting. */
    boolean isLifted() {
        return mode == Mode.ENFORCE && exemption != null && outcome != Outcome.ALLOW;
    }
}
