package dev.sluice.wire;

/** Types of Sluice's own events, as CDEvents names custom events: {@code dev.cdeventsx.<tool>-<subject>.<predicate>}. */
public final class EventTypes {
    /** A commit with its parents. */
    public static final String COMMIT_RECORDED = "dev.cdeventsx.sluice-commit.recorded.0.1.0";
    /** One observation of a deployment attempt. */
    public static final String DEPLOYMENT_OBSERVED = "dev.cdeventsx.sluice-deployment.observed.0.1.0";
    /** One observation of an incident. */
    public static final String INCIDENT_OBSERVED = "dev.cdeventsx.sluice-incident.observed.0.1.0";
    /** One observation of a pull request. */
    public static final String PULL_REQUEST_OBSERVED = "dev.cdeventsx.sluice-pullrequest.observed.0.1.0";
    /** One check for configuration drift. */
    public static final String DRIFT_CHECKED = "dev.cdeventsx.sluice-drift.checked.0.1.0";
    /** What is set for a service. */
    public static final String SERVICE_DESCRIBED = "dev.cdeventsx.sluice-service.described.0.1.0";
    /** That a service, a team or an environment belongs to something from a day on. */
    public static final String CATALOGUE_ASSIGNED = "dev.cdeventsx.sluice-catalogue.assigned.0.1.0";
    /** The version of the CDEvents specification that Sluice writes. */
    public static final String CDEVENTS_VERSION = "0.5.1";

    private EventTypes() {}
}
