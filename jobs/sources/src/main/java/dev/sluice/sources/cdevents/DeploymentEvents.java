package dev.sluice.sources.cdevents;

import static dev.sluice.sources.cdevents.Reading.or;

import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The standard events that tell of a deployment: a service changed, or a run of a pipeline that says that it deploys. */
final class DeploymentEvents {
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

    private DeploymentEvents() {}

    static Outcome ofService(Reading reading, CdEvent event, @Nullable DeploymentKind kind) {
        Place more = event.sluice();
        String stated = more.at("deploymentId").optionalText();
        return observed(
                reading,
                attempt(
                        reading.header(event),
                        stated == null ? event.id() : stated,
                        event.subjectId(),
                        event.content().at("environment").at("id").text(),
                        DeploymentState.SUCCESS,
                        more,
                        PackageUrl.parse(event.content().at("artifactId").text()),
                        kind));
    }

    static Outcome ofFinishedRun(Reading reading, CdEvent event) {
        if (event.sluice().at("deployment").isAbsent()) {
            return withoutDeployment(event);
        }
        Place outcome = event.content().at("outcome");
        DeploymentState state = OUTCOMES.get(outcome.text().toLowerCase(Locale.ROOT));
        if (state == null) {
            throw outcome.wrong("must be one of success, failure, error, cancel, canceled, cancelled, aborted");
        }
        return ofRun(reading, event, state);
    }

    static Outcome ofRun(Reading reading, CdEvent event, DeploymentState state) {
        Place more = event.sluice().at("deployment");
        if (more.isAbsent()) {
            return withoutDeployment(event);
        }
        return observed(
                reading,
                attempt(
                        reading.header(event),
                        event.subjectId(),
                        more.at("service").text(),
                        more.at("environment").text(),
                        state,
                        more,
                        PackageUrl.NOTHING,
                        null));
    }

    private static Outcome withoutDeployment(CdEvent event) {
        return new Outcome.Ignored(
                Reason.PIPELINE_WITHOUT_DEPLOYMENT,
                "the run " + event.subjectId() + " deploys nothing: it has no customData.sluice.deployment");
    }

    private static Outcome observed(Reading reading, DeploymentObserved event) {
        return reading.in(event.environment(), event);
    }

    /** Returns an observation of which {@code more} says the rest, and {@code artifact} what that leaves out. */
    private static DeploymentObserved attempt(
            EventHeader header,
            String nativeId,
            String service,
            String environment,
            DeploymentState state,
            Place more,
            PackageUrl artifact,
            @Nullable DeploymentKind kind) {
        Instant startedAt = more.at("startedAt").optionalTime();
        return new DeploymentObserved(
                header,
                DeploymentObserved.deploymentId(header.source(), nativeId),
                service,
                environment,
                state,
                Reading.revision(more.at("revision")),
                rank(state),
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

    private static int rank(DeploymentState state) {
        return switch (state) {
            case QUEUED -> QUEUED_RANK;
            case STARTED -> STARTED_RANK;
            default -> RESULT_RANK;
        };
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
}
