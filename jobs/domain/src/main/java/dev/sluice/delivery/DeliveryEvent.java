package dev.sluice.delivery;

/** One normalised fact about software delivery, derived from a delivery of a source system. */
public sealed interface DeliveryEvent
        permits CatalogueAssigned,
                CommitRecorded,
                DeploymentObserved,
                DriftChecked,
                IncidentObserved,
                PullRequestObserved,
                ServiceDescribed {

    /** Returns who said it and when. */
    EventHeader header();

    /**
     * Handles each kind of event; Java 17 has no pattern switch.
     *
     * @param visitor one function a kind
     * @param <R> the result
     */
    <R> R accept(Visitor<R> visitor);

    /** One function for each kind of event. */
    interface Visitor<R> {
        R commitRecorded(CommitRecorded event);

        R deploymentObserved(DeploymentObserved event);

        R incidentObserved(IncidentObserved event);

        R pullRequestObserved(PullRequestObserved event);

        R driftChecked(DriftChecked event);

        R serviceDescribed(ServiceDescribed event);

        R catalogueAssigned(CatalogueAssigned event);
    }
}
