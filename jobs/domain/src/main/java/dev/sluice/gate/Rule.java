package dev.sluice.gate;

/** What a policy requires in one respect. */
public sealed interface Rule permits ThresholdRule, ConditionRule, EvidenceRule {
    /** Returns the name of the rule, unique in its policy. */
    String id();

    /** Returns whether it decides. */
    Mode mode();

    /** Returns what it says beside what it requires. */
    RuleTerms terms();
}
