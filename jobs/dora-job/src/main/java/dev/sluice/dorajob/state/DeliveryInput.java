package dev.sluice.dorajob.state;

import org.jspecify.annotations.Nullable;

/**
 * What stage delivery reads: an observation, an ownership, a link or a check for drift.
 *
 * @param key tenant, service and environment
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param observation an observation, or null
 * @param ownership an ownership, or null
 * @param link a link, or null
 * @param drift a check for drift, or null
 */
public record DeliveryInput(
        String key,
        String tenant,
        String service,
        String environment,
        @Nullable ObservationState observation,
        @Nullable OwnershipState ownership,
        @Nullable LinkState link,
        @Nullable DriftCheckState drift) {}
