package dev.sluice.sources.cdevents;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.EventTypes;
import dev.sluice.wire.MalformedRecordException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sluice's own kinds of event: what the codec reads, with the identities and times that later stages rely on. */
final class OwnEvents {
    private OwnEvents() {}

    static Outcome commit(Reading reading, CdEvent event) {
        CommitRecorded said = (CommitRecorded) decode(reading, event, EventTypes.COMMIT_RECORDED);
        return new Outcome.Events(new CommitRecorded(
                said.header(),
                said.repository(),
                said.sha(),
                said.parents(),
                said.parentage(),
                normal(said.authoredAt(), event.content().at("authoredAt")),
                optional(said.committedAt(), event.content().at("committedAt")),
                said.reverts(),
                said.cherryPickOf()));
    }

    static Outcome deployment(Reading reading, CdEvent event) {
        DeploymentObserved said = (DeploymentObserved) decode(reading, event, EventTypes.DEPLOYMENT_OBSERVED);
        return reading.in(
                said.environment(),
                new DeploymentObserved(
                        said.header(),
                        DeploymentObserved.deploymentId(event.source(), event.subjectId()),
                        said.service(),
                        said.environment(),
                        said.state(),
                        said.revision(),
                        said.rank(),
                        optional(said.queuedAt(), event.content().at("queuedAt")),
                        optional(said.startedAt(), event.content().at("startedAt")),
                        said.version(),
                        said.repository(),
                        said.sha(),
                        said.digest(),
                        said.groupId(),
                        said.remediates(),
                        said.statedKind(),
                        said.planned(),
                        said.impact()));
    }

    static Outcome incident(Reading reading, CdEvent event) {
        IncidentObserved said = (IncidentObserved) decode(reading, event, EventTypes.INCIDENT_OBSERVED);
        Place content = event.content();
        String environment = content.at("environment").optionalText();
        return reading.in(
                environment,
                new IncidentObserved(
                        said.header(),
                        IncidentObserved.incidentId(event.source(), event.subjectId()),
                        content.at("service").optionalText(),
                        environment,
                        said.state(),
                        said.revision(),
                        said.rank(),
                        reading.past(content.at("startedAt")),
                        reading.past(content.at("resolvedAt")),
                        said.severity(),
                        said.changeCaused(),
                        said.deployments(),
                        said.repository(),
                        said.rootCause(),
                        said.mergedInto(),
                        said.title()));
    }

    static Outcome pullRequest(Reading reading, CdEvent event) {
        PullRequestObserved said = (PullRequestObserved) decode(reading, event, EventTypes.PULL_REQUEST_OBSERVED);
        Place content = event.content();
        return new Outcome.Events(new PullRequestObserved(
                said.header(),
                said.repository(),
                said.pullRequestId(),
                said.state(),
                said.revision(),
                said.draft(),
                commits(said.commits(), content.at("commits")),
                optional(said.firstCommitAt(), content.at("firstCommitAt")),
                said.headSha(),
                said.mergeSha(),
                said.cherryPickOf(),
                said.title()));
    }

    static Outcome drift(Reading reading, CdEvent event) {
        DriftChecked said = (DriftChecked) decode(reading, event, EventTypes.DRIFT_CHECKED);
        return reading.in(
                said.environment(),
                new DriftChecked(
                        said.header(),
                        DriftChecked.checkId(event.source(), event.subjectId()),
                        said.service(),
                        said.environment(),
                        said.resource(),
                        said.drifted(),
                        said.fingerprint(),
                        said.interval(),
                        said.revision(),
                        said.deleted()));
    }

    static Outcome service(Reading reading, CdEvent event) {
        return new Outcome.Events(decode(reading, event, EventTypes.SERVICE_DESCRIBED));
    }

    static Outcome assignment(Reading reading, CdEvent event) {
        return new Outcome.Events(decode(reading, event, EventTypes.CATALOGUE_ASSIGNED));
    }

    /** The codec takes texts as they are, and later stages write them as UTF-8. */
    private static DeliveryEvent decode(Reading reading, CdEvent event, String type) {
        event.document().at("subject").encodable();
        try {
            return EventCodec.decode(
                    reading.header(event),
                    type,
                    event.document().node(),
                    event.document().pointer());
        } catch (MalformedRecordException e) {
            throw new Rejection(Reason.WRONG_VALUE, String.valueOf(e.getMessage()), e.pointer());
        }
    }

    private static @Nullable List<PullRequestObserved.Commit> commits(
            @Nullable List<PullRequestObserved.Commit> said, Place place) {
        return said == null
                ? null
                : IntStream.range(0, said.size())
                        .mapToObj(i -> new PullRequestObserved.Commit(
                                said.get(i).sha(),
                                normal(said.get(i).authoredAt(), place.at(i).at("authoredAt"))))
                        .toList();
    }

    private static Instant normal(Instant time, Place place) {
        return EventTimes.normal(time, place.pointer());
    }

    private static @Nullable Instant optional(@Nullable Instant time, Place place) {
        return time == null ? null : normal(time, place);
    }
}
