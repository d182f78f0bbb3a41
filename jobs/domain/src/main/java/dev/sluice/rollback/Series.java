package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

/**
 * What can be rolled back: a service in an environment.
 *
 * @param tenant whose service
 * @param service the service
 * @param environment the environment
 */
public record Series(String tenant, String service, String environment) {
    public Series {
        requireNonNull(tenant, "tenant");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
    }
}
