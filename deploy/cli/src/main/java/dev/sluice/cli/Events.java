package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Sluice's own kinds of CDEvents 0.5.1 in CloudEvents 1.0. An event's id is a function of its content, so that sending
 * it again changes nothing.
 */
final class Events {
    static final String COMMIT_RECORDED = "dev.cdeventsx.sluice-commit.recorded.0.1.0";
    static final String DEPLOYMENT_OBSERVED = "dev.cdeventsx.sluice-deployment.observed.0.1.0";

    static final String INCIDENT_OBSERVED = "dev.cdeventsx.sluice-incident.observed.0.1.0";
    static final String PULL_REQUEST_OBSERVED = "dev.cdeventsx.sluice-pullrequest.observed.0.1.0";
    private static final String DRIFT_CHECKED = "dev.cdeventsx.sluice-drift.checked.0.1.0";

    private final String source;

    /**
     * Creates the events of one source.
     *
     * @param source whose ids the deployments' ids are, e.g. {@code sluice-cli}
     */
    Events(String source) {
        this.source = source;
    }

    ObjectNode of(Commit commit) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("repository", commit.repository());
        content.put("parentage", "explicit");
        commit.parents().forEach(content.putArray("parents")::add);
        content.put("authoredAt", commit.authoredAt().toString());
        content.put("committedAt", commit.committedAt().toString());
        if (!commit.reverts().isEmpty()) {
            commit.reverts().forEach(content.putArray("reverts")::add);
        }
        if (commit.cherryPickOf() != null) {
            content.put("cherryPickOf", commit.cherryPickOf());
        }
        return event(
                source + "/" + ApiClient.encode(commit.repository()),
                COMMIT_RECORDED,
                commit.sha(),
                commit.committedAt(),
                content);
    }

    ObjectNode of(Deployment deployment) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("service", deployment.service());
        content.put("environment", deployment.environment());
        content.put("state", deployment.state());
        content.put("version", deployment.version());
        content.put("repository", deployment.repository());
        content.put("sha", deployment.sha());
        return event(
                String.join(
                        "/",
                        source,
                        ApiClient.encode(deployment.repository()),
                        ApiClient.encode(deployment.environment()),
                        ApiClient.encode(deployment.service())),
                DEPLOYMENT_OBSERVED,
                deployment.id(),
                deployment.at(),
                content);
    }

    ObjectNode of(Incident incident) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("service", incident.service());
        content.put("environment", incident.environment());
        content.put("state", incident.state());
        content.put("changeCaused", incident.changeCaused());
        content.put("title", incident.title());
        return event(source, INCIDENT_OBSERVED, incident.id(), incident.at(), content);
    }

    ObjectNode of(PullRequest pull) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("repository", pull.repository());
        content.put("state", pull.state());
        content.put("firstCommitAt", pull.firstCommitAt().toString());
        if (pull.state().equals("merged")) {
            content.put("mergeSha", pull.mergeSha());
        }
        return event(
                source + "/" + ApiClient.encode(pull.repository()),
                PULL_REQUEST_OBSERVED,
                Integer.toString(pull.number()),
                pull.at(),
                content);
    }

    ObjectNode of(DriftCheck check) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("service", check.service());
        content.put("environment", check.environment());
        content.put("resource", check.resource());
        content.put("drifted", check.drifted());
        content.put("intervalSeconds", check.interval().toSeconds());
        String subject =
                String.join("/", check.service(), check.resource(), check.at().toString());
        return event(source, DRIFT_CHECKED, subject, check.at(), content);
    }

    static ObjectNode event(String source, String type, String subject, Instant at, ObjectNode content) {
        String id = UUID.nameUUIDFromBytes(String.join("\n", source, type, subject, at.toString(), content.toString())
                        .getBytes(StandardCharsets.UTF_8))
                .toString();
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("specversion", "1.0");
        envelope.put("id", id);
        envelope.put("source", source);
        envelope.put("type", type);
        envelope.put("subject", subject);
        envelope.put("time", at.toString());
        envelope.put("datacontenttype", "application/json");
        ObjectNode cdEvent = envelope.putObject("data");
        cdEvent.putObject("context")
                .put("specversion", "0.5.1")
                .put("id", id)
                .put("source", source)
                .put("type", type)
                .put("timestamp", at.toString());
        cdEvent.putObject("subject").put("id", subject).set("content", content);
        return envelope;
    }
}
