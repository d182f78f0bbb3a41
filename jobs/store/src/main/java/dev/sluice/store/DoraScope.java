package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What a report is about: some services of a tenant in some environments.
 *
 * @param tenant whose data
 * @param kind whether {@code name} is a service, a team or a group of teams
 * @param name the name; empty for all services
 * @param environment an environment, or a class of environments: PRODUCTION, STAGING, TEST or OTHER
 */
public record DoraScope(String tenant, Kind kind, String name, String environment) {
    public DoraScope {
        requireNonNull(tenant, "tenant");
        requireNonNull(environment, "environment");
        if (name.isEmpty() != (kind == Kind.ALL)) {
            throw new IllegalArgumentException("name must be empty for all services and only for them, is " + name);
        }
    }

    /** What a scope is made of. */
    public enum Kind {
        /** One service. */
        SERVICE,
        /** The services of a team, while they belonged to it. */
        TEAM,
        /** The services of the teams of a group, while they belonged to it. */
        GROUP,
        /** All services of the tenant. */
        ALL;

        /** Returns the name as queries and views spell it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
