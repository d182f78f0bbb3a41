package dev.sluice.sources.cdevents;

import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import java.util.Map;
import java.util.function.BiFunction;

/** What the CDEvents that Sluice understands mean, by the name of their type. */
final class CdEventReader {
    private static final Map<String, BiFunction<Reading, CdEvent, Outcome>> READERS = Map.ofEntries(
            Map.entry("dev.cdeventsx.sluice-commit.recorded", OwnEvents::commit),
            Map.entry("dev.cdeventsx.sluice-deployment.observed", OwnEvents::deployment),
            Map.entry("dev.cdeventsx.sluice-incident.observed", OwnEvents::incident),
            Map.entry("dev.cdeventsx.sluice-pullrequest.observed", OwnEvents::pullRequest),
            Map.entry("dev.cdeventsx.sluice-drift.checked", OwnEvents::drift),
            Map.entry("dev.cdeventsx.sluice-service.described", OwnEvents::service),
            Map.entry("dev.cdeventsx.sluice-catalogue.assigned", OwnEvents::assignment),
            Map.entry(
                    "dev.cdevents.service.deployed",
                    (reading, event) -> DeploymentEvents.ofService(reading, event, null)),
            Map.entry(
                    "dev.cdevents.service.upgraded",
                    (reading, event) -> DeploymentEvents.ofService(reading, event, null)),
            Map.entry(
                    "dev.cdevents.service.rolledback",
                    (reading, event) -> DeploymentEvents.ofService(reading, event, DeploymentKind.ROLLBACK)),
            Map.entry(
                    "dev.cdevents.pipelinerun.queued",
                    (reading, event) -> DeploymentEvents.ofRun(reading, event, DeploymentState.QUEUED)),
            Map.entry(
                    "dev.cdevents.pipelinerun.started",
                    (reading, event) -> DeploymentEvents.ofRun(reading, event, DeploymentState.STARTED)),
            Map.entry("dev.cdevents.pipelinerun.finished", DeploymentEvents::ofFinishedRun),
            Map.entry(
                    "dev.cdevents.incident.detected",
                    (reading, event) -> IncidentEvents.of(reading, event, IncidentState.DETECTED)),
            Map.entry(
                    "dev.cdevents.incident.reported",
                    // a ticket that is written after the end does not open the incident again
                    (reading, event) -> IncidentEvents.of(reading, event, IncidentState.ACKNOWLEDGED)),
            Map.entry(
                    "dev.cdevents.incident.resolved",
                    (reading, event) -> IncidentEvents.of(reading, event, IncidentState.RESOLVED)),
            Map.entry(
                    "dev.cdevents.change.created",
                    (reading, event) -> ChangeEvents.of(reading, event, PullRequestState.OPENED)),
            Map.entry(
                    "dev.cdevents.change.reviewed",
                    (reading, event) -> ChangeEvents.of(reading, event, PullRequestState.REVIEWED)),
            Map.entry(
                    "dev.cdevents.change.merged",
                    (reading, event) -> ChangeEvents.of(reading, event, PullRequestState.MERGED)),
            Map.entry(
                    "dev.cdevents.change.abandoned",
                    (reading, event) -> ChangeEvents.of(reading, event, PullRequestState.CLOSED)));

    private final Reading reading;

    CdEventReader(Delivery delivery, ConnectionMapping mapping) {
        this.reading = new Reading(delivery, mapping);
    }

    Outcome read(CdEvent event) {
        BiFunction<Reading, CdEvent, Outcome> reader = READERS.get(event.name());
        return reader == null
                ? new Outcome.Ignored(Reason.UNUSED_EVENT, "no metric uses " + event.name() + " yet")
                : reader.apply(reading, event);
    }
}
