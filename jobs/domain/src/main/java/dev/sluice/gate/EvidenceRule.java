package dev.sluice.gate;

import static java.util.Objects.requireNonNull;

/**
 * A requirement of evidence beside the metrics.
 *
 * @param id name of the rule, unique in its policy
 * @param mode whether it decides
 * @param requirement what is required
 * @param terms what it says beside
 */
public record EvidenceRule(String id, Mode mode, Requirement requirement, RuleTerms terms) implements Rule {
    public EvidenceRule {
        requireNonNull(mode, "mode");
        requireNonNull(requirement, "requirement");
        requireNonNull(terms, "terms");
        if (id.isBlank()) {
            throw new IllegalArgumentException("id must not be empty");
        }
    }

    /** Creates a rule of {@link RuleTerms#DEFAULT}. */
    public EvidenceRule(String id, Mode mode, Requirement requirement) {
        this(id, mode, requirement, RuleTerms.DEFAULT);
    }
}
