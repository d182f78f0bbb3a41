package dev.sluice.gateapi.policy;

import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.gate.Policy;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells what takes two persons: whatever speaks of production. An environment is production if its name says so or the
 * catalogue does: neither makes the other's word less strict.
 */
final class FourEyes {
    private final BiPredicate<String, String> catalogue;

    /**
     * Creates it.
     *
     * @param catalogue whether an environment of a tenant is production by the catalogue, or may be
     */
    FourEyes(BiPredicate<String, String> catalogue) {
        this.catalogue = catalogue;
    }

    /** Returns whether the policy of a tenant may judge what goes to production. */
    boolean areNeededFor(String tenant, Policy policy) {
        Set<String> environments = policy.environments();
        return environments == null || environments.stream().anyMatch(environment -> areNeededIn(tenant, environment));
    }

    /**
     * Returns whether what holds in an environment of a tenant holds in production.
     *
     * @param environment its name; null means each
     */
    boolean areNeededIn(String tenant, @Nullable String environment) {
        return environment == null
                || EnvironmentClass.ofName(environment) == EnvironmentClass.PRODUCTION
                || catalogue.test(tenant, environment);
    }
}
