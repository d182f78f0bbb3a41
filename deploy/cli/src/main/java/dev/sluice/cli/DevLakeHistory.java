package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.DevLakeExport.DeploymentCommitRow;
import dev.sluice.cli.DevLakeExport.DeploymentRow;
import dev.sluice.cli.DevLakeExport.IncidentRow;
import dev.sluice.cli.DevLakeExport.PullCommitRow;
import dev.sluice.cli.DevLakeExport.PullRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An export as events of the source {@code devlake}, whose ids DevLake's ids are; and what of it is left out. */
final class DevLakeHistory {
    private static final String SOURCE = "devlake";
    private static final int MOST_COMMITS = 1024;
    private static final Map<String, String> STATES =
            Map.of("SUCCESS", "success", "FAILURE", "failure", "ABORT", "cancelled", "CANCELLED", "cancelled");

    private final DevLakeExport export;
    private final DevLakeServices services;
    private final DevLakeCommits commits;
    private final String environment;
    private final List<ObjectNode> events = new ArrayList<>();
    private final List<Sent> deployments = new ArrayList<>();
    private final Map<String, Integer> leftOut = new LinkedHashMap<>();

    /**
     * Makes the events.
     *
     * @param environment what DevLake's PRODUCTION is called
     */
    DevLakeHistory(DevLakeExport export, DevLakeServices services, String environment) {
        this.export = export;
        this.services = services;
        this.environment = environment;
        this.commits = new DevLakeCommits(export);
        commits.all().forEach(this::add);
        leave("commits without an author time", commits.undated().size());
        addDeployments();
        addPulls();
        export.incidents().forEach(this::add);
    }

    /** Returns the events: commits, deployments, pull requests, incidents. */
    List<ObjectNode> events() {
        return List.copyOf(events);
    }

    /** Returns the successful deployments that are sent, as Sluice orders them. */
    List<Sent> deployments() {
        return deployments.stream()
                .sorted(Comparator.comparing(Sent::finished).thenComparing(Sent::id))
                .toList();
    }

    /** Returns the commits that are sent. */
    DevLakeCommits commits() {
        return commits;
    }

    /** Returns how many rows of which kind are not sent, or not as a whole. */
    Map<String, Integer> leftOut() {
        return new LinkedHashMap<>(leftOut);
    }

    private void leave(String what, int count) {
        if (count > 0) {
            leftOut.merge(what, count, Integer::sum);
        }
    }

    private void add(DevLakeCommits.Known commit) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("repository", commit.repository());
        if (commit.parents() == null) {
            content.put("parentage", "unknown");
        } else {
            content.put("parentage", commit.parentage());
            commit.parents().forEach(content.putArray("parents")::add);
        }
        content.put("authoredAt", commit.authored().toString());
        content.put("committedAt", commit.committed().toString());
        events.add(Events.event(
                source(commit.repository()), Events.COMMIT_RECORDED, commit.sha(), commit.committed(), content));
    }

    private void addDeployments() {
        var merged = new TreeMap<String, Attempt>();
        export.deployments().forEach(row -> merged.put(row.id(), Attempt.of(row)));
        Map<String, List<DeploymentCommitRow>> rows = export.deploymentCommits().stream()
                .collect(Collectors.groupingBy(DeploymentCommitRow::deployment, TreeMap::new, Collectors.toList()));
        rows.forEach((id, own) -> merged.put(id, Attempt.of(merged.get(id), own)));
        merged.forEach(this::add);
    }

    private void add(String id, Attempt attempt) {
        if (!attempt.environment().equals(DevLakeExport.PRODUCTION)) {
            leave("deployments to other environments than PRODUCTION", 1);
            return;
        }
        String state = STATES.get(attempt.result());
        if (state == null || attempt.finished() == null) {
            leave("deployments without a result or an end", 1);
            return;
        }
        String service = services.of(attempt.scope());
        DeploymentCommitRow head = attempt.head();
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("service", service);
        content.put("environment", environment);
        content.put("state", state);
        if (head != null) {
            content.put("repository", head.repository());
            content.put("sha", head.sha());
        }
        putTime(content, "queuedAt", attempt.queued(), attempt.finished());
        putTime(content, "startedAt", attempt.started(), attempt.finished());
        events.add(Events.event(SOURCE, Events.DEPLOYMENT_OBSERVED, id, attempt.finished(), content));
        leave("further repositories of deployments, whose commits count for none", attempt.repositories() - 1);
        if (state.equals("success")) {
            deployments.add(new Sent(
                    id,
                    service,
                    attempt.finished(),
                    head == null ? null : head.sha(),
                    head == null ? null : head.repository()));
        }
    }

    private void addPulls() {
        Map<String, String> repositories = new HashMap<>();
        export.deploymentCommits().forEach(row -> repositories.put(row.repositoryId(), row.repository()));
        Map<String, List<PullCommitRow>> own =
                export.pullCommits().stream().collect(Collectors.groupingBy(PullCommitRow::pull));
        for (PullRow pull : export.pulls()) {
            String repository = repositories.getOrDefault(pull.repositoryId(), pull.repositoryId());
            List<PullCommitRow> pullCommits = own.getOrDefault(pull.id(), List.of()).stream()
                    .sorted(Comparator.comparing(PullCommitRow::authored).thenComparing(PullCommitRow::sha))
                    .toList();
            add(pull, repository, pullCommits, "opened", pull.created());
            if (pull.merged() != null) {
                add(pull, repository, pullCommits, "merged", pull.merged());
            } else if (pull.closed() != null) {
                add(pull, repository, pullCommits, "closed", pull.closed());
            }
        }
    }

    private void add(PullRow pull, String repository, List<PullCommitRow> own, String state, Instant at) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("repository", repository);
        content.put("state", state);
        if (!own.isEmpty()) {
            ArrayNode list = content.putArray("commits");
            for (PullCommitRow commit : own.subList(0, Math.min(own.size(), MOST_COMMITS))) {
                list.addObject()
                        .put("sha", commit.sha())
                        .put("authoredAt", commit.authored().toString());
            }
        }
        if (state.equals("merged") && !pull.mergeSha().isEmpty()) {
            content.put("mergeSha", pull.mergeSha());
        }
        putText(content, "title", pull.title());
        events.add(Events.event(source(repository), Events.PULL_REQUEST_OBSERVED, pull.key(), at, content));
    }

    private void add(IncidentRow incident) {
        String service = services.of(incident);
        if (service == null) {
            leave("incidents of a scope that no service is given for", 1);
            return;
        }
        observe(incident, service, "detected", incident.created());
        if (incident.resolved() != null) {
            observe(incident, service, "resolved", incident.resolved());
        }
    }

    private void observe(IncidentRow incident, String service, String state, Instant at) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("service", service);
        content.put("environment", environment);
        content.put("state", state);
        putText(content, "severity", incident.severity());
        putText(content, "title", incident.title());
        events.add(Events.event(SOURCE, Events.INCIDENT_OBSERVED, incident.id(), at, content));
    }

    private static void putText(ObjectNode content, String field, String text) {
        if (!text.isEmpty()) {
            content.put(field, text.length() > MOST_COMMITS ? text.substring(0, MOST_COMMITS) : text);
        }
    }

    private static void putTime(ObjectNode content, String field, @Nullable Instant time, Instant end) {
        if (time != null && !time.isAfter(end)) {
            content.put(field, time.toString());
        }
    }

    private static String source(String repository) {
        return SOURCE + "/" + ApiClient.encode(repository);
    }

    /**
     * A successful deployment as it is sent.
     *
     * @param sha its commit; null where the export has none
     * @param repository the repository of that
     */
    record Sent(
            String id,
            String service,
            Instant finished,
            @Nullable String sha,
            @Nullable String repository) {}

    /**
     * What both tables say of a deployment. One that DevLake counts by its commits is a success that ended with the last of
     * them.
     *
     * @param head the last of its commits; null where it has none
     * @param repositories of how many repositories it has commits, at least 1
     */
    private record Attempt(
            String scope,
            String result,
            String environment,
            @Nullable Instant queued,
            @Nullable Instant started,
            @Nullable Instant finished,
            @Nullable DeploymentCommitRow head,
            int repositories) {
        static Attempt of(DeploymentRow row) {
            return new Attempt(
                    row.scope(), row.result(), row.environment(), row.queued(), row.started(), row.finished(), null, 1);
        }

        static Attempt of(@Nullable Attempt stated, List<DeploymentCommitRow> rows) {
            DeploymentCommitRow head = rows.stream()
                    .max(Comparator.comparing(DeploymentCommitRow::isProduction)
                            .thenComparing(
                                    DeploymentCommitRow::finished, Comparator.nullsFirst(Comparator.naturalOrder()))
                            .thenComparing(Comparator.comparing(DeploymentCommitRow::id)
                                    .reversed()))
                    .orElseThrow();
            var repositories = new HashSet<String>();
            rows.forEach(row -> repositories.add(row.repository()));
            boolean counted = head.isProduction() && head.finished() != null;
            return new Attempt(
                    head.scope(),
                    counted || stated == null ? head.result() : stated.result,
                    counted || stated == null ? head.environment() : stated.environment,
                    stated == null ? null : stated.queued,
                    stated == null ? head.started() : stated.started,
                    counted || stated == null ? head.finished() : stated.finished,
                    head,
                    repositories.size());
        }
    }
}
