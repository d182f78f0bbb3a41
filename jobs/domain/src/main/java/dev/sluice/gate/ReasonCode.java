package dev.sluice.gate;

import java.util.Locale;

/** Why a rule or a gate answered as it did: stable codes for programs. */
public enum ReasonCode {
    /** Every enforced rule was met, or this rule was. */
    PASSED,
    /** The metric is on the wrong side of the threshold. */
    THRESHOLD,
    /** The rule's condition does not hold. */
    CONDITION,
    /** Each rule that objects is exempted. */
    EXEMPTED,
    /** An override opens the gate, whatever the rules say. */
    OVERRIDDEN,
    /** Fewer of a policy's rules are met than it wants. */
    SCORE,
    /** A rule has been pending for longer than its policy waits. */
    DEADLINE,
    /** What the rule requires of the evidence is not so. */
    UNMET,
    /** What the rule waits for has not come to its end yet. */
    WAITING,
    /** The canary run was Inconclusive. */
    INCONCLUSIVE,
    /** What there is of the evidence is older than the rule accepts. */
    STALE_EVIDENCE,
    /** No policy speaks of the gate. */
    NO_POLICY,
    /** Policies speak of the gate, but none of their rules is enforced. */
    NO_RULE,
    /** Nothing is known of the service in this environment. */
    UNKNOWN_SERVICE,
    /** The metric has no value. */
    NO_DATA,
    /** The metric has a value from too few observations. */
    INSUFFICIENT_DATA,
    /** The data is older than the policy accepts, or its age is not known. */
    STALE,
    /** A rule failed to be judged. */
    RULE_ERROR,
    /** The rule's condition reads something that is not known. */
    MISSING_INPUT,
    /** A value is NaN or infinite. */
    NOT_A_NUMBER,
    /** The rule asks for a metric that does not exist. */
    UNKNOWN_METRIC;

    /** Returns the name as the API spells it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
