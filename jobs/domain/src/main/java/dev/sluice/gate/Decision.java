package dev.sluice.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gate's answer with all its reasons.
 *
 * @param outcome the worst enforced one
 * @param code why, for programs
 * @param reason why, in one sentence
 * @param policies the policies that were in force
 * @param results the answer of each rule, and of the gate's own checks
 * @param freshness how old the data was
 * @param decidedAt when
 * @param expiresAt the moment from which the answer may no longer be relied on
 * @param override what has opened the gate; null where the rules have decided
 * @param score the least of the policies' scores, 0 to 100; null where none has one
 */
public record Decision(
        Outcome outcome,
        ReasonCode code,
        String reason,
        List<Policy> policies,
        List<RuleResult> results,
        Freshness freshness,
        Instant decidedAt,
        Instant expiresAt,
        @Nullable GateOverride override,
        @Nullable Double score) {
    public Decision {
        policies = List.copyOf(policies);
        results = List.copyOf(results);
    }

    /** Returns the same with an override that opens the gate, whatever it was. */
    Decision overriddenBy(GateOverride by) {
        return new Decision(
                Outcome.ALLOW,
                ReasonCode.OVERRIDDEN,
                "overridden by " + by.requester() + ", approved by " + by.approver() + ": " + by.reason()
                        + "; without it: " + reason,
                policies,
                results,
                freshness,
                decidedAt,
                expiresAt.isBefore(by.expires()) ? expiresAt : by.expires(),
                by,
                score);
    }

    /**
     * How old the data was when it was judged.
     *
     * @param age null where it is not known
     * @param limit the strictest of the policies' limits
     * @param stale whether one of the policies did not accept the age
     */
    public record Freshness(@Nullable Duration age, Duration limit, boolean stale) {}
}
