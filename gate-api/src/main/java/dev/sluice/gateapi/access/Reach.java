package dev.sluice.gateapi.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Of which services, in which environments, a credential may ask gates and run canaries.
 *
 * @param services their names; null for all
 * @param environments their names; null for all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reach(
        @Nullable Set<String> services, @Nullable Set<String> environments) {
    /** All services in all environments. */
    public static final Reach ALL = new Reach(null, null);

    public Reach {
        services = services == null ? null : Set.copyOf(services);
        environments = environments == null ? null : Set.copyOf(environments);
    }

    /** Returns whether a service in an environment lies within. */
    public boolean includes(String service, String environment) {
        return (services == null || services.contains(service))
                && (environments == null || environments.contains(environment));
    }

    /** Returns whether all that lies within another one lies within this one. */
    boolean includes(Reach other) {
        return includes(services, other.services) && includes(environments, other.environments);
    }

    private static boolean includes(@Nullable Set<String> all, @Nullable Set<String> some) {
        return all == null || (some != null && all.containsAll(some));
    }

    /** Returns the names of the services in order; null for all. */
    @Nullable
    Set<String> orderedServices() {
        return services == null ? null : new TreeSet<>(services);
    }

    /** Returns the names of the environments in order; null for all. */
    @Nullable
    Set<String> orderedEnvironments() {
        return environments == null ? null : new TreeSet<>(environments);
    }
}
