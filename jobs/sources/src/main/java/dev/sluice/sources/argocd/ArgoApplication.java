package dev.sluice.sources.argocd;

import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.DriftFingerprint;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application as it stood when a notification was made: how its last sync went, and whether it is what was declared.
 *
 * <p>A sync that went through is a deployment when the application is healthy; its id is that of the entry which the sync
 * left in the history. What follows on a healthy one is no part of the deployment any more: health that is lost later is an
 * incident. A sync that failed left no entry; its start tells it from others.
 */
final class ArgoApplication {
    static final String SERVICE_LABEL = "service_label";
    static final String ENVIRONMENT_LABEL = "environment_label";

    private static final int FAILED_RANK = 1;
    private static final int DEGRADED_RANK = 2;
    /** An application that was degraded for a while after its sync got there after all. */
    private static final int HEALTHY_RANK = 3;

    private final DeliveryReading reading;
    private final Place app;
    private final Place status;
    private final Place operation;
    private final String uid;
    private final String name;

    ArgoApplication(DeliveryReading reading, Place app) {
        this.reading = reading;
        this.app = app;
        Place metadata = app.at("metadata").object();
        uid = metadata.at("uid").text();
        name = metadata.at("name").text();
        status = app.at("status").object();
        operation = status.at("operationState");
    }

    // ---- the last sync

    Outcome deployment() {
        if (operation.isAbsent()) {
            return unused("the application has never been synced");
        }
        if (isDryRun()) {
            return unused("the sync was a dry run");
        }
        String phase = operation.at("phase").text();
        return switch (phase) {
            case "Succeeded" -> synced();
            case "Failed", "Error" -> failed();
            case "Running", "Terminating" -> unused("the sync goes on; its end tells when it began");
            default -> new Outcome.Ignored(Reason.UNKNOWN_STATE, "the phase " + phase + " of a sync is not known");
        };
    }

    private Outcome failed() {
        Instant startedAt = reading.past(operation.at("startedAt"));
        Instant finishedAt = reading.past(operation.at("finishedAt"));
        return observed("sync-" + startedAt, revision(tried()), DeploymentState.FAILURE, FAILED_RANK, finishedAt);
    }

    private Outcome synced() {
        Place entry = lastEntry();
        if (entry == null || !isOfTheSync(entry)) {
            return unused("the sync left no entry in the history: it was of some resources only");
        }
        String nativeId = Long.toString(entry.at("id").number());
        Place health = status.at("health");
        String healthStatus = health.at("status").optionalText();
        return switch (healthStatus == null ? "" : healthStatus) {
            case "Healthy" ->
                observed(nativeId, revision(entry), DeploymentState.SUCCESS, HEALTHY_RANK, settledAt(health));
            case "Degraded" ->
                observed(nativeId, revision(entry), DeploymentState.FAILURE, DEGRADED_RANK, settledAt(health));
            default -> unused("the sync is done and the application not yet healthy or degraded: " + healthStatus);
        };
    }

    private Outcome observed(String id, ArgoRevision revision, DeploymentState state, int rank, Instant finishedAt) {
        String nativeId = uid + "#" + id;
        String service = service();
        String environment = environment();
        return reading.in(
                environment,
                new DeploymentObserved(
                        reading.header(
                                finishedAt,
                                "sync",
                                nativeId,
                                service,
                                environment,
                                state.name(),
                                finishedAt.toString()),
                        DeploymentObserved.deploymentId(reading.source(), nativeId),
                        service,
                        environment,
                        state,
                        0,
                        rank,
                        null,
                        reading.past(operation.at("startedAt")),
                        revision.version(),
                        revision.repository(),
                        revision.commit(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    /** The end of the sync, or when the application came into its health, if that was later. */
    private Instant settledAt(Place health) {
        Instant finishedAt = reading.past(operation.at("finishedAt"));
        Instant changedAt = reading.optionalPast(health.at("lastTransitionTime"));
        return changedAt != null && changedAt.isAfter(finishedAt) ? changedAt : finishedAt;
    }

    // ---- drift

    /** Out of sync with what was deployed last is drift; with something newer it only waits to be synced. */
    Outcome check() {
        String sync = status.at("sync").at("status").optionalText();
        Place entry = lastEntry();
        boolean isOut = "OutOfSync".equals(sync);
        if (!isOut && !"Synced".equals(sync)) {
            return unused("whether the application is in sync is not known");
        }
        if (entry == null
                || isDryRun()
                || !"Succeeded".equals(operation.at("phase").optionalText())) {
            return unused("the last sync has not put what is declared in place");
        }
        if (isOut && !revision(status.at("sync")).isSame(revision(entry))) {
            return unused("the application waits for the sync of another revision than it was deployed with");
        }
        Place time = status.at("reconciledAt");
        Instant checkedAt = time.isAbsent() ? reading.delivery().receivedAt() : reading.past(time);
        String nativeId = uid + "@" + (time.isAbsent() ? reading.delivery().deliveryKey() : checkedAt.toString());
        String service = service();
        String environment = environment();
        return reading.in(
                environment,
                new DriftChecked(
                        reading.header(checkedAt, "check", nativeId, service, environment, Boolean.toString(isOut)),
                        DriftChecked.checkId(reading.source(), nativeId),
                        service,
                        environment,
                        name,
                        isOut,
                        isOut ? fingerprint() : null,
                        null,
                        0,
                        false));
    }

    private @Nullable String fingerprint() {
        List<String> drifted = status.at("resources")
                .elements()
                .filter(resource ->
                        "OutOfSync".equals(resource.at("status").node().textValue()))
                .map(resource -> String.join(
                        "/",
                        resource.at("group").node().asText(),
                        resource.at("kind").node().asText(),
                        resource.at("namespace").node().asText(),
                        resource.at("name").node().asText()))
                .toList();
        return drifted.isEmpty() ? null : DriftFingerprint.of(drifted);
    }

    // ---- names

    private String service() {
        String label = label(SERVICE_LABEL, "service");
        return label == null
                ? reading.mapping().serviceOf(name)
                : reading.mapping().services().getOrDefault(label, label);
    }

    private String environment() {
        String environment = reading.environment(label(ENVIRONMENT_LABEL, "environment"));
        return environment == null
                ? app.at("spec").at("destination").at("namespace").text()
                : environment;
    }

    private @Nullable String label(String option, String otherwise) {
        String configured = reading.mapping().option(option).optionalText();
        return app.at("metadata")
                .at("labels")
                .at(configured == null ? otherwise : configured)
                .optionalText();
    }

    // ---- parts

    private boolean isDryRun() {
        return operation.at("operation").at("sync").at("dryRun").isTrue();
    }

    private @Nullable Place lastEntry() {
        Place history = status.at("history");
        return history.node().isEmpty()
                ? null
                : history.at(history.node().size() - 1).object();
    }

    private boolean isOfTheSync(Place entry) {
        return !reading.past(entry.at("deployedAt")).isBefore(reading.past(operation.at("startedAt")));
    }

    /** What a sync tried; one that failed early has no result. */
    private Place tried() {
        Place result = operation.at("syncResult");
        return result.isAbsent() ? operation.at("operation").at("sync") : result;
    }

    private ArgoRevision revision(Place place) {
        return ArgoRevision.of(place, app.at("spec"));
    }

    private static Outcome unused(String detail) {
        return new Outcome.Ignored(Reason.UNUSED_ACTION, detail);
    }
}
