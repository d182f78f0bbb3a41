package dev.sluice.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one rule from deciding for a time. The rule is still judged and shown.
 *
 * @param id its id
 * @param policy name of the rule's policy
 * @param rule the rule's id
 * @param service for which service; null means each
 * @param environment where; null means everywhere
 * @param owner who answers for it
 * @param ticket where it is dealt with
 * @param reason why
 * @param from the moment from which it holds
 * @param expires the moment from which it is void
 */
public record Exemption(
        String id,
        String policy,
        String rule,
        @Nullable String service,
        @Nullable String environment,
        String owner,
        String ticket,
        String reason,
        Instant from,
        Instant expires) {
    /** Returns whether it holds at the moment: from its beginning on, and no longer when it expires. */
    public boolean holds(Instant now) {
        return !now.isBefore(from) && now.isBefore(expires);
    }

    /** Returns whether it is about the rule in the environment, of some service. */
    public boolean touches(Policy itsPolicy, Rule itsRule, String where) {
        return policy.equals(itsPolicy.name()) && rule.equals(itsRule.id()) && holdsIn(where);
    }

    /** Returns whether it is about the environment. */
    public boolean holdsIn(String where) {
        return environment == null || environment.equals(where);
    }

    /** Returns whether it is about the service. */
    public boolean concerns(String which) {
        return service == null || service.equals(which);
    }
}
