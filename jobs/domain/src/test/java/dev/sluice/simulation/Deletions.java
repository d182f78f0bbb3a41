package dev.sluice.simulation;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.delivery.ServiceDescribed;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last word on everything in a history but its commits, which nobody can take back: there was no such thing. */
public final class Deletions implements DeliveryEvent.Visitor<Void> {
    /** Above those of corrections. */
    private static final long LAST_REVISION = 1L << 60;

    private final Instant at;
    private final Map<String, DeliveryEvent> words = new LinkedHashMap<>();

    private Deletions(Instant at) {
        this.at = at;
    }

    /** Returns the deletions, each once. */
    public static Collection<DeliveryEvent> of(History history) {
        var deletions = new Deletions(history.end());
        history.events().forEach(event -> event.accept(deletions));
        return List.copyOf(deletions.words.values());
    }

    private EventHeader header(EventHeader of, String what) {
        return new EventHeader(
                EventIds.of(of.tenant(), "deletions", what), of.tenant(), of.source(), "deleted", at, at);
    }

    private Void say(String what, DeliveryEvent word) {
        words.putIfAbsent(what, word);
        return null;
    }

    @Override
    public Void commitRecorded(CommitRecorded commit) {
        return null;
    }

    @Override
    public Void deploymentObserved(DeploymentObserved of) {
        String what = String.join(" ", "deployment", of.deploymentId(), of.service(), of.environment());
        return say(
                what,
                new DeploymentObserved(
                        header(of.header(), what),
                        of.deploymentId(),
                        of.service(),
                        of.environment(),
                        DeploymentState.DELETED,
                        LAST_REVISION,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    @Override
    public Void incidentObserved(IncidentObserved of) {
        String what = "incident " + of.incidentId();
        return say(
                what,
                new IncidentObserved(
                        header(of.header(), what),
                        of.incidentId(),
                        null,
                        null,
                        IncidentState.DELETED,
                        LAST_REVISION,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    @Override
    public Void pullRequestObserved(PullRequestObserved of) {
        String what = "pull request " + of.repository() + " " + of.pullRequestId();
        return say(
                what,
                new PullRequestObserved(
                        header(of.header(), what),
                        of.repository(),
                        of.pullRequestId(),
                        PullRequestState.DELETED,
                        LAST_REVISION,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    @Override
    public Void driftChecked(DriftChecked of) {
        String what = String.join(" ", "check", of.checkId(), of.service(), of.environment());
        return say(
                what,
                new DriftChecked(
                        header(of.header(), what),
                        of.checkId(),
                        of.service(),
                        of.environment(),
                        of.resource(),
                        of.drifted(),
                        of.fingerprint(),
                        of.interval(),
                        LAST_REVISION,
                        true));
    }

    @Override
    public Void serviceDescribed(ServiceDescribed of) {
        String what = "settings of " + of.service();
        return say(
                what, new ServiceDescribed(header(of.header(), what), of.service(), null, null, LAST_REVISION, true));
    }

    @Override
    public Void catalogueAssigned(CatalogueAssigned of) {
        String what = String.join(" ", of.kind().name(), of.subject(), of.from().toString());
        return say(
                what,
                new CatalogueAssigned(
                        header(of.header(), what), of.kind(), of.subject(), null, of.from(), LAST_REVISION, true));
    }
}
