package dev.sluice.gate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says beside what it requires.
 *
 * @param severity how grave it is that the rule is not met
 * @param weight in the policy's score; positive
 * @param pendingFor how long the rule may be pending before it denies; null: as its policy says
 */
public record RuleTerms(
        Severity severity, double weight, @Nullable Duration pendingFor) {
    /** Where a rule says nothing. */
    public static final RuleTerms DEFAULT = new RuleTerms(Severity.MEDIUM, 1, null);

    public RuleTerms {
        requireNonNull(severity, "severity");
        if (!(weight > 0) || !Double.isFinite(weight)) {
            throw new IllegalArgumentException("weight must be positive and finite: " + weight);
        }
        if (pendingFor != null && (pendingFor.isNegative() || pendingFor.isZero())) {
            throw new IllegalArgumentException("pendingFor must be positive: " + pendingFor);
        }
    }
}
