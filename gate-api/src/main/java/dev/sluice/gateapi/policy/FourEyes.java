package dev.sluice.gateapi.policy;

import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.gate.Policy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what takes two persons: whatever speaks of production. */
final class FourEyes {
    private FourEyes() {}

    /** Returns whether the policy may judge what goes to production. */
    static boolean isNeededFor(Policy policy) {
        Set<String> environments = policy.environments();
        return environments == null || environments.stream().anyMatch(FourEyes::isNeededFor);
    }

    /**
     * Returns whether what holds in an environment holds in production.
     *
     * @param environment its name; null means each
     */
    static boolean isNeededFor(@Nullable String environment) {
        return environment == null || EnvironmentClass.ofName(environment) == EnvironmentClass.PRODUCTION;
    }
}
