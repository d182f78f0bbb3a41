package dev.sluice.sources.cdevents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.EventTypes;
import dev.sluice.wire.MalformedRecordException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What the CDEvents that Sluice understands mean, by the name of their type. */
final class CdEventReader {
    private static final int QUEUED_RANK = 1;
    private static final int STARTED_RANK = 2;
    private static final int RESULT_RANK = 3;

    private static final Map<String, DeploymentState> OUTCOMES = Map.of(
            "success", DeploymentState.SUCCESS,
            "failure", DeploymentState.FAILURE,
            "error", DeploymentState.FAILURE,
            "cancel", DeploymentState.CANCELLED,
            "canceled", DeploymentState.CANCELLED,
            "cancelled", DeploymentState.CANCELLED,
            "aborted", DeploymentState.CANCELLED);

    private static final Map<String, BiFunction<CdEventReader, CdEvent, Outcome>> READERS = Map.of(
            "dev.cdeventsx.sluice-commit.recorded",
            CdEventReader::commit,
            "dev.cdeventsx.sluice-deployment.observed",
            CdEventReader::deployment,
            "dev.cdevents.service.deployed",
            (reader, event) -> reader.serviceChange(event, null),
            "dev.cdevents.service.upgraded",
            (reader, event) -> reader.serviceChange(event, null),
            "dev.cdevents.service.rolledback",
            (reader, event) -> reader.serviceChange(event, DeploymentKind.ROLLBACK),
            "dev.cdevents.pipelinerun.queued",
            (reader, event) -> reader.pipelineRun(event, DeploymentState.QUEUED, QUEUED_RANK),
            "dev.cdevents.pipelinerun.started",
            (reader, event) -> reader.pipelineRun(event, DeploymentState.STARTED, STARTED_RANK),
            "dev.cdevents.pipelinerun.finished",
            CdEventReader::pipelineResult);

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    CdEventReader(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    Outcome read(CdEvent event) {
        BiFunction<CdEventReader, CdEvent, Outcome> reader = READERS.get(event.name());
        return reader == null
                ? new Outcome.Ignored(Reason.UNUSED_EVENT, "no metric uses " + event.name() + " yet")
                : reader.apply(this, event);
    }

    private Outcome commit(CdEvent event) {
        CommitRecorded said = (CommitRecorded) own(event, EventTypes.COMMIT_RECORDED);
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

    private Outcome deployment(CdEvent event) {
        DeploymentObserved said = (DeploymentObserved) own(event, EventTypes.DEPLOYMENT_OBSERVED);
        return observed(new DeploymentObserved(
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

    private DeliveryEvent own(CdEvent event, String type) {
        requireEncodable(event.document().at("subject"));
        try {
            return EventCodec.decode(
                    header(event),
                    type,
                    event.document().node(),
                    event.document().pointer());
        } catch (MalformedRecordException e) {
            throw new Rejection(Reason.WRONG_VALUE, String.valueOf(e.getMessage()), e.pointer());
        }
    }

    private Outcome serviceChange(CdEvent event, @Nullable DeploymentKind kind) {
        Place more = event.sluice();
        String stated = more.at("deploymentId").optionalText();
        return observed(attempt(
                event,
                stated == null ? event.id() : stated,
                event.subjectId(),
                event.content().at("environment").at("id").text(),
                DeploymentState.SUCCESS,
                RESULT_RANK,
                more,
                PackageUrl.parse(event.content().at("artifactId").text()),
                kind));
    }

    private Outcome pipelineResult(CdEvent event) {
        if (event.sluice().at("deployment").isAbsent()) {
            return withoutDeployment(event);
        }
        Place outcome = event.content().at("outcome");
        DeploymentState state = OUTCOMES.get(outcome.text().toLowerCase(Locale.ROOT));
        if (state == null) {
            throw outcome.wrong("must be one of success, failure, error, cancel, canceled, cancelled, aborted");
        }
        return pipelineRun(event, state, RESULT_RANK);
    }

    private Outcome pipelineRun(CdEvent event, DeploymentState state, int rank) {
        Place more = event.sluice().at("deployment");
        if (more.isAbsent()) {
            return withoutDeployment(event);
        }
        return observed(attempt(
                event,
                event.subjectId(),
                more.at("service").text(),
                more.at("environment").text(),
                state,
                rank,
                more,
                PackageUrl.NOTHING,
                null));
    }

    private static Outcome withoutDeployment(CdEvent event) {
        return new Outcome.Ignored(
                Reason.PIPELINE_WITHOUT_DEPLOYMENT,
                "the run " + event.subjectId() + " deploys nothing: it has no customData.sluice.deployment");
    }

    /** Returns an observation of which {@code more} says the rest, and {@code artifact} what that leaves out. */
    private DeploymentObserved attempt(
            CdEvent event,
            String nativeId,
            String service,
            String environment,
            DeploymentState state,
            int rank,
            Place more,
            PackageUrl artifact,
            @Nullable DeploymentKind kind) {
        EventHeader header = header(event);
        Instant startedAt = more.at("startedAt").optionalTime();
        return new DeploymentObserved(
                header,
                DeploymentObserved.deploymentId(event.source(), nativeId),
                service,
                environment,
                state,
                more.at("revision").isAbsent() ? 0 : more.at("revision").number(),
                rank,
                more.at("queuedAt").optionalTime(),
                startedAt == null && state == DeploymentState.STARTED ? header.occurredAt() : startedAt,
                or(more.at("version"), artifact.version()),
                or(more.at("repository"), artifact.repository()),
                or(more.at("sha"), artifact.sha()),
                or(more.at("digest"), artifact.digest()),
                more.at("groupId").optionalText(),
                more.at("remediates").optionalText(),
                kind(more.at("kind"), kind),
                more.at("planned").optionalFlag(),
                more.at("impact").optionalFlag());
    }

    private Outcome observed(DeploymentObserved event) {
        return mapping.takes(event.environment())
                ? new Outcome.Events(event)
                : new Outcome.Ignored(
                        Reason.ENVIRONMENT_NOT_SELECTED,
                        "the connection " + delivery.connection() + " does not take the environment "
                                + event.environment());
    }

    /** An event's identity is (source, id) of its context, so that the same one sent twice has the same id. */
    private EventHeader header(CdEvent event) {
        Place timestamp = event.timestamp();
        return new EventHeader(
                EventIds.of(delivery.tenant(), event.source(), "cdevent", event.id()),
                delivery.tenant(),
                event.source(),
                delivery.id(),
                EventTimes.occurred(timestamp.time(), delivery.receivedAt(), timestamp.pointer()),
                delivery.receivedAt());
    }

    private static @Nullable String or(Place stated, @Nullable String otherwise) {
        String text = stated.optionalText();
        return text == null ? otherwise : text;
    }

    private static @Nullable DeploymentKind kind(Place place, @Nullable DeploymentKind otherwise) {
        String text = place.optionalText();
        if (text == null) {
            return otherwise;
        }
        try {
            return DeploymentKind.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw place.wrong("must be one of forward, rollback, redeploy, config");
        }
    }

    private static Instant normal(Instant time, Place place) {
        return EventTimes.normal(time, place.pointer());
    }

    private static @Nullable Instant optional(@Nullable Instant time, Place place) {
        return time == null ? null : normal(time, place);
    }

    /** The codec takes texts as they are, and later stages write them as UTF-8. */
    private static void requireEncodable(Place place) {
        JsonNode node = place.node();
        if (node.isTextual()) {
            place.optionalText();
        } else if (node.isObject()) {
            node.fieldNames().forEachRemaining(name -> requireEncodable(place.at(name)));
        } else {
            for (int i = 0; i < node.size(); i++) {
                requireEncodable(place.at(i));
            }
        }
    }
}
