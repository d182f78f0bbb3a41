package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;

/**
 * The series that metrics are about.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param zone the time zone in which its days begin
 */
public record ServiceEnvironment(String tenant, String service, String environment, ZoneId zone) {
    public ServiceEnvironment {
        requireNonNull(tenant, "tenant");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(zone, "zone");
    }
}
