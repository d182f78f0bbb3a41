package dev.sluice.dorajob.state;

import org.jspecify.annotations.Nullable;

/**
 * What stage delivery reads: an observation, an ownership of a commit or a pull request, or a link.
 *
 * @param key tenant, service and environment
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param observation an observation, or null
 * @param ownership an ownership of a commit, or null
 * @param pullRequest an ownership of a pull request, or null
 * @param link a link, or null
 */
public record DeliveryInput(
        String key,
        String tenant,
        String service,
        String environment,
        @Nullable ObservationState observation,
        @Nullable OwnershipState ownership,
        @Nullable PullRequestOwnershipState pullRequest,
        @Nullable LinkState link) {}
