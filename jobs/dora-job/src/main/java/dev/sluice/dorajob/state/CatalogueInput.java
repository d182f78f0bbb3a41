package dev.sluice.dorajob.state;

import dev.sluice.delivery.CatalogueKind;
import dev.sluice.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * What stage catalogue reads: one of its last three components is there.
 *
 * @param key tenant, kind and subject
 * @param tenant whose data
 * @param kind what the subject is one of, see {@link CatalogueKind}; a service is a {@code SERVICE_TEAM}
 * @param subject the service, team or environment
 * @param service what is set for it, or null
 * @param assignment what it belongs to, or null
 * @param environment an environment in which something is known of the service, or null
 */
public record CatalogueInput(
        String key,
        String tenant,
        String kind,
        String subject,
        @Nullable ServiceState service,
        @Nullable AssignmentState assignment,
        @Nullable String environment) {
    private static final String SERVICE = CatalogueKind.SERVICE_TEAM.name();

    /** Returns a description on its way. */
    public static CatalogueInput of(ServiceState service) {
        String key = Keys.of(service.tenant(), SERVICE, service.service());
        return new CatalogueInput(key, service.tenant(), SERVICE, service.service(), service, null, null);
    }

    /** Returns an assignment on its way. */
    public static CatalogueInput of(AssignmentState assignment) {
        String key = Keys.of(assignment.tenant(), assignment.kind(), assignment.subject());
        return new CatalogueInput(
                key, assignment.tenant(), assignment.kind(), assignment.subject(), null, assignment, null);
    }

    /** Returns the news that something is known of a service in an environment. */
    public static CatalogueInput of(String tenant, String service, String environment) {
        return new CatalogueInput(Keys.of(tenant, SERVICE, service), tenant, SERVICE, service, null, null, environment);
    }
}
