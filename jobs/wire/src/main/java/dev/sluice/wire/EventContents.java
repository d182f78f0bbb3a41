package dev.sluice.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.delivery.ServiceDescribed;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What each of Sluice's own events says beside its header: the subject's id and its content, as JSON and back. */
final class EventContents {
    private EventContents() {}

    static void write(CommitRecorded commit, ObjectNode content) {
        content.put("repository", commit.repository());
        content.put("parentage", commit.parentage().name().toLowerCase(Locale.ROOT));
        Fields.put(content, "parents", commit.parents());
        content.put("authoredAt", commit.authoredAt().toString());
        Fields.put(content, "committedAt", commit.committedAt());
        Fields.put(content, "reverts", commit.reverts().isEmpty() ? null : commit.reverts());
        Fields.put(content, "cherryPickOf", commit.cherryPickOf());
    }

    static CommitRecorded readCommit(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        Parentage parentage = content.optionalConstant(Parentage.class, "parentage");
        return new CommitRecorded(
                header,
                content.text("repository"),
                subject.text("id"),
                content.texts("parents"),
                parentage == null ? (content.has("parents") ? Parentage.EXPLICIT : Parentage.UNKNOWN) : parentage,
                content.instant("authoredAt"),
                content.optionalInstant("committedAt"),
                content.texts("reverts"),
                content.optionalText("cherryPickOf"));
    }

    static void write(DeploymentObserved deployment, ObjectNode content) {
        content.put("service", deployment.service());
        content.put("environment", deployment.environment());
        Fields.put(content, "state", deployment.state());
        Fields.put(content, "revision", deployment.revision());
        Fields.put(content, "rank", deployment.rank());
        Fields.put(content, "queuedAt", deployment.queuedAt());
        Fields.put(content, "startedAt", deployment.startedAt());
        Fields.put(content, "version", deployment.version());
        Fields.put(content, "repository", deployment.repository());
        Fields.put(content, "sha", deployment.sha());
        Fields.put(content, "digest", deployment.digest());
        Fields.put(content, "groupId", deployment.groupId());
        Fields.put(content, "remediates", deployment.remediates());
        Fields.put(content, "kind", deployment.statedKind());
        Fields.put(content, "planned", deployment.planned());
        Fields.put(content, "impact", deployment.impact());
    }

    static DeploymentObserved readDeployment(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        return new DeploymentObserved(
                header,
                subject.text("id"),
                content.text("service"),
                content.text("environment"),
                content.constant(DeploymentState.class, "state"),
                content.integer("revision"),
                Math.toIntExact(content.integer("rank")),
                content.optionalInstant("queuedAt"),
                content.optionalInstant("startedAt"),
                content.optionalText("version"),
                content.optionalText("repository"),
                content.optionalText("sha"),
                content.optionalText("digest"),
                content.optionalText("groupId"),
                content.optionalText("remediates"),
                content.optionalConstant(DeploymentKind.class, "kind"),
                content.optionalFlag("planned"),
                content.optionalFlag("impact"));
    }

    static void write(IncidentObserved incident, ObjectNode content) {
        Fields.put(content, "service", incident.service());
        Fields.put(content, "environment", incident.environment());
        Fields.put(content, "state", incident.state());
        Fields.put(content, "revision", incident.revision());
        Fields.put(content, "rank", incident.rank());
        Fields.put(content, "startedAt", incident.startedAt());
        Fields.put(content, "resolvedAt", incident.resolvedAt());
        Fields.put(content, "severity", incident.severity());
        Fields.put(content, "changeCaused", incident.changeCaused());
        Fields.put(content, "deployments", incident.deployments());
        Fields.put(content, "repository", incident.repository());
        Fields.put(content, "rootCause", incident.rootCause());
        Fields.put(content, "mergedInto", incident.mergedInto());
        Fields.put(content, "title", incident.title());
    }

    static IncidentObserved readIncident(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        return new IncidentObserved(
                header,
                subject.text("id"),
                content.optionalText("service"),
                content.optionalText("environment"),
                content.constant(IncidentState.class, "state"),
                content.integer("revision"),
                Math.toIntExact(content.integer("rank")),
                content.optionalInstant("startedAt"),
                content.optionalInstant("resolvedAt"),
                content.optionalText("severity"),
                content.optionalFlag("changeCaused"),
                content.optionalTexts("deployments"),
                content.optionalText("repository"),
                content.optionalText("rootCause"),
                content.optionalText("mergedInto"),
                content.optionalText("title"));
    }

    static void write(PullRequestObserved pull, ObjectNode content) {
        content.put("repository", pull.repository());
        Fields.put(content, "state", pull.state());
        Fields.put(content, "revision", pull.revision());
        Fields.put(content, "draft", pull.draft());
        List<PullRequestObserved.Commit> commits = pull.commits();
        if (commits != null) {
            ArrayNode list = content.putArray("commits");
            for (PullRequestObserved.Commit commit : commits) {
                list.addObject()
                        .put("sha", commit.sha())
                        .put("authoredAt", commit.authoredAt().toString());
            }
        }
        Fields.put(content, "firstCommitAt", pull.firstCommitAt());
        Fields.put(content, "headSha", pull.headSha());
        Fields.put(content, "mergeSha", pull.mergeSha());
        Fields.put(content, "cherryPickOf", pull.cherryPickOf());
        Fields.put(content, "title", pull.title());
    }

    static PullRequestObserved readPullRequest(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        return new PullRequestObserved(
                header,
                content.text("repository"),
                subject.text("id"),
                content.constant(PullRequestState.class, "state"),
                content.integer("revision"),
                content.optionalFlag("draft"),
                commits(content.optionalList("commits")),
                content.optionalInstant("firstCommitAt"),
                content.optionalText("headSha"),
                content.optionalText("mergeSha"),
                content.optionalText("cherryPickOf"),
                content.optionalText("title"));
    }

    private static @Nullable List<PullRequestObserved.Commit> commits(@Nullable List<Fields> list) {
        return list == null
                ? null
                : list.stream()
                        .map(commit -> new PullRequestObserved.Commit(commit.text("sha"), commit.instant("authoredAt")))
                        .toList();
    }

    static void write(DriftChecked check, ObjectNode content) {
        content.put("service", check.service());
        content.put("environment", check.environment());
        content.put("resource", check.resource());
        content.put("drifted", check.drifted());
        Fields.put(content, "fingerprint", check.fingerprint());
        Duration interval = check.interval();
        Fields.put(content, "intervalSeconds", interval == null ? 0 : interval.toSeconds());
        Fields.put(content, "revision", check.revision());
        Fields.put(content, "deleted", check.deleted() ? Boolean.TRUE : null);
    }

    static DriftChecked readDrift(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        return new DriftChecked(
                header,
                subject.text("id"),
                content.text("service"),
                content.text("environment"),
                content.text("resource"),
                content.flag("drifted"),
                content.optionalText("fingerprint"),
                content.optionalSeconds("intervalSeconds"),
                content.integer("revision"),
                Boolean.TRUE.equals(content.optionalFlag("deleted")));
    }

    static void write(ServiceDescribed service, ObjectNode content) {
        Fields.put(
                content, "zone", service.zone() == null ? null : service.zone().getId());
        Duration linkWindow = service.linkWindow();
        Fields.put(content, "linkWindowSeconds", linkWindow == null ? 0 : linkWindow.toSeconds());
        Fields.put(content, "revision", service.revision());
        Fields.put(content, "deleted", service.deleted() ? Boolean.TRUE : null);
    }

    static ServiceDescribed readService(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        return new ServiceDescribed(
                header,
                subject.text("id"),
                content.optionalZone("zone"),
                content.optionalSeconds("linkWindowSeconds"),
                content.integer("revision"),
                Boolean.TRUE.equals(content.optionalFlag("deleted")));
    }

    static void write(CatalogueAssigned assigned, ObjectNode content) {
        Fields.put(content, "kind", assigned.kind());
        String value = assigned.value();
        boolean isClass = assigned.kind() == CatalogueKind.ENVIRONMENT_CLASS;
        Fields.put(content, "value", isClass && value != null ? EnvironmentClass.valueOf(value) : value);
        Fields.put(content, "from", assigned.from());
        Fields.put(content, "revision", assigned.revision());
        Fields.put(content, "deleted", assigned.deleted() ? Boolean.TRUE : null);
    }

    static CatalogueAssigned readAssignment(EventHeader header, Fields subject) {
        Fields content = subject.of("content");
        CatalogueKind kind = content.constant(CatalogueKind.class, "kind");
        EnvironmentClass environmentClass = kind == CatalogueKind.ENVIRONMENT_CLASS
                ? content.optionalConstant(EnvironmentClass.class, "value")
                : null;
        return new CatalogueAssigned(
                header,
                kind,
                subject.text("id"),
                environmentClass == null ? content.optionalText("value") : environmentClass.name(),
                content.day("from"),
                content.integer("revision"),
                Boolean.TRUE.equals(content.optionalFlag("deleted")));
    }
}
