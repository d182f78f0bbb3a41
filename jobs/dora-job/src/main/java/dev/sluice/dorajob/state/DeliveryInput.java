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
 * @param ownership an ownership of a commit, or null
 * @param pullRequest an ownership of a pull request, or null
 * @param link a link, or null
 * @param claim a claim, or null
 * @param incident an incident, or null
 * @param drift a check for drift, or null
 * @param settings what is set for the service now, or null
 */
public record DeliveryInput(
        String key,
        String tenant,
        String service,
        String environment,
        @Nullable ObservationState observation,
        @Nullable OwnershipState ownership,
        @Nullable PullRequestOwnershipState pullRequest,
        @Nullable LinkState link,
        @Nullable ClaimChange claim,
        @Nullable IncidentChange incident,
        @Nullable DriftCheckState drift,
        @Nullable SettingsState settings) {

    /** Returns an observation on its way. */
    public static DeliveryInput of(ObservationState observation) {
        String key = Keys.of(observation.tenant(), observation.service(), observation.environment());
        return new DeliveryInput(
                key,
                observation.tenant(),
                observation.service(),
                observation.environment(),
                observation,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Returns an ownership of a commit on its way. */
    public static DeliveryInput of(String tenant, OwnershipState ownership) {
        String key = Keys.of(tenant, ownership.service(), ownership.environment());
        return new DeliveryInput(
                key,
                tenant,
                ownership.service(),
                ownership.environment(),
                null,
                ownership,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Returns an ownership of a pull request on its way. */
    public static DeliveryInput of(String tenant, PullRequestOwnershipState pullRequest) {
        String key = Keys.of(tenant, pullRequest.service(), pullRequest.environment());
        return new DeliveryInput(
                key,
                tenant,
                pullRequest.service(),
                pullRequest.environment(),
                null,
                null,
                pullRequest,
                null,
                null,
                null,
                null,
                null);
    }

    /** Returns a link on its way. */
    public static DeliveryInput of(String tenant, LinkState link) {
        String key = Keys.of(tenant, link.service(), link.environment());
        return new DeliveryInput(
                key, tenant, link.service(), link.environment(), null, null, null, link, null, null, null, null);
    }

    /** Returns a claim, to the series of its target, on its way. */
    public static DeliveryInput of(String tenant, String service, String environment, ClaimChange claim) {
        String key = Keys.of(tenant, service, environment);
        return new DeliveryInput(key, tenant, service, environment, null, null, null, null, claim, null, null, null);
    }

    /** Returns an incident on its way. */
    public static DeliveryInput of(String tenant, IncidentChange incident) {
        String key = Keys.of(tenant, incident.service(), incident.environment());
        return new DeliveryInput(
                key,
                tenant,
                incident.service(),
                incident.environment(),
                null,
                null,
                null,
                null,
                null,
                incident,
                null,
                null);
    }

    /** Returns a check for drift on its way. */
    public static DeliveryInput of(DriftCheckState drift) {
        String key = Keys.of(drift.tenant(), drift.service(), drift.environment());
        return new DeliveryInput(
                key,
                drift.tenant(),
                drift.service(),
                drift.environment(),
                null,
                null,
                null,
                null,
                null,
                null,
                drift,
                null);
    }

    /** Returns what is set for a service, to one of its series, on its way. */
    public static DeliveryInput of(String tenant, String service, String environment, SettingsState settings) {
        String key = Keys.of(tenant, service, environment);
        return new DeliveryInput(key, tenant, service, environment, null, null, null, null, null, null, null, settings);
    }
}
