package dev.sluice.gateapi.access;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.util.Set;

/**
 * Who asks.
 *
 * @param id name of the credential, never the credential itself
 * @param owner the person or machine behind it: two credentials of one owner are not two persons
 * @param tenant whose data they see and change
 * @param verbs what they may do
 * @param reach of which services, where, they may do it
 */
public record Principal(String id, String owner, String tenant, Set<Verb> verbs, Reach reach) {
    public Principal {
        if (owner.isBlank()) {
            throw new IllegalArgumentException("owner must not be empty");
        }
        verbs = Set.copyOf(verbs);
    }

    /** Creates one that reaches all services in all environments. */
    public Principal(String id, String owner, String tenant, Set<Verb> verbs) {
        this(id, owner, tenant, verbs, Reach.ALL);
    }

    /**
     * Returns normally if they reach a service in an environment.
     *
     * @throws ApiException 403 if not
     */
    public void requireReach(String service, String environment) {
        if (!reach.includes(service, environment)) {
            throw new ApiException(ErrorType.FORBIDDEN, "the token is not for this service in this environment");
        }
    }

    /**
     * Returns normally if they reach a service in all environments.
     *
     * @throws ApiException 403 if not
     */
    public void requireServiceReach(String service) {
        if (reach.environments() != null
                || (reach.services() != null && !reach.services().contains(service))) {
            throw new ApiException(ErrorType.FORBIDDEN, "the token is not for this service in each environment");
        }
    }

    /**
     * Returns normally if they reach all services in all environments: what is asked names none.
     *
     * @throws ApiException 403 if not
     */
    public void requireFullReach() {
        if (!reach.equals(Reach.ALL)) {
            throw new ApiException(
                    ErrorType.FORBIDDEN, "the token is for some services or environments, and this names neither");
        }
    }
}
