package dev.sluice.dorajob.state;

import dev.sluice.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * What stage delivery reads: one of its components is there.
 *
 * @param key tenant, service and environment
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param observation an observation, or null
 * @param ownership an ownership, or null
 * @param link a link, or null
 * @param claim a claim, or null
 * @param incident an incident, or null
 */
public record DeliveryInput(
        String key,
        String tenant,
        String service,
        String environment,
        @Nullable ObservationState observation,
        @Nullable OwnershipState ownership,
        @Nullable LinkState link,
        @Nullable ClaimChange claim,
        @Nullable IncidentChange incident) {

    /** Returns an observation on its way to its series. */
    public static DeliveryInput of(ObservationState observation) {
        return to(
                observation.tenant(),
                observation.service(),
                observation.environment(),
                observation,
                null,
                null,
                null,
                null);
    }

    /** Returns an ownership on its way to its series. */
    public static DeliveryInput of(String tenant, OwnershipState ownership) {
        return to(tenant, ownership.service(), ownership.environment(), null, ownership, null, null, null);
    }

    /** Returns a link on its way to its series. */
    public static DeliveryInput of(String tenant, LinkState link) {
        return to(tenant, link.service(), link.environment(), null, null, link, null, null);
    }

    /** Returns a claim on its way to the series of its target. */
    public static DeliveryInput of(String tenant, String service, String environment, ClaimChange claim) {
        return to(tenant, service, environment, null, null, null, claim, null);
    }

    /** Returns an incident on its way to its series. */
    public static DeliveryInput of(String tenant, IncidentChange incident) {
        return to(tenant, incident.service(), incident.environment(), null, null, null, null, incident);
    }

    private static DeliveryInput to(
            String tenant,
            String service,
            String environment,
            @Nullable ObservationState observation,
            @Nullable OwnershipState ownership,
            @Nullable LinkState link,
            @Nullable ClaimChange claim,
            @Nullable IncidentChange incident) {
        return new DeliveryInput(
                Keys.of(tenant, service, environment),
                tenant,
                service,
                environment,
                observation,
                ownership,
                link,
                claim,
                incident);
    }
}
