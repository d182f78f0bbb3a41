package dev.sluice.sources.gitlab;

import dev.sluice.delivery.DeploymentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A deployment of GitLab, made by a job or by its API. It is what counts, unless jobs are configured to be the deployments
 * of its project to its environment: then it is the same attempt as one of them.
 */
final class GitLabDeployments {
    private static final Map<String, State> STATES = Map.of(
            "created", new State(DeploymentState.QUEUED, 1),
            "blocked", new State(DeploymentState.QUEUED, 1),
            "running", new State(DeploymentState.STARTED, 2),
            "success", new State(DeploymentState.SUCCESS, 3),
            "failed", new State(DeploymentState.FAILURE, 3),
            "canceled", new State(DeploymentState.CANCELLED, 3),
            "skipped", new State(DeploymentState.SKIPPED, 3));

    /** What comes of the deployment's approval is said by its own states. */
    private static final Set<String> APPROVALS = Set.of("approved", "rejected");

    private static final Pattern COMMIT_URL = Pattern.compile(".*/commit/([0-9a-f]{40}|[0-9a-f]{64})");

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    GitLabDeployments(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    Outcome read(Place body) {
        String status = body.at("status").text();
        if (APPROVALS.contains(status)) {
            return Outcome.Ignored.action(status, "deployment");
        }
        State state = STATES.get(status);
        if (state == null) {
            return new Outcome.Ignored(Reason.UNKNOWN_STATE, "GitLab's deployment status " + status + " is not known");
        }
        GitLabProject project = GitLabProject.of(body);
        String environment = body.at(GitLabOptions.isTier(mapping) ? "environment_tier" : "environment")
                .text();
        if (!mapping.takes(environment)) {
            return Outcome.Ignored.environment(delivery, environment);
        }
        Optional<DeployWorkflow> job = mapping.workflowTo(project.path(), environment);
        if (job.isPresent() && !body.at("deployable_id").isAbsent()) {
            return new Outcome.Ignored(
                    Reason.COUNTED_BY_WORKFLOW,
                    "a job made the deployment; the runs of the job "
                            + job.get().workflow() + " are counted");
        }
        String nativeId = project.path() + "#" + body.at("deployment_id").number();
        Place changed = body.at("status_changed_at");
        Instant occurredAt = delivery.past(GitLabTimes.time(changed), changed);
        return project.events(delivery)
                .deployment(
                        new ForgeEvents.Attempt(
                                nativeId,
                                mapping.serviceOf(project.path()),
                                environment,
                                null,
                                sha(body.at("commit_url"))),
                        new ForgeEvents.Step(
                                state.state(),
                                state.rank(),
                                null,
                                state.state() == DeploymentState.STARTED ? occurredAt : null,
                                occurredAt),
                        "deployment",
                        nativeId,
                        status);
    }

    /** The hook itself has the beginning of the commit's id only. */
    private static @Nullable String sha(Place url) {
        String text = url.optionalText();
        Matcher commit = COMMIT_URL.matcher(text == null ? "" : text);
        return commit.matches() ? commit.group(1) : null;
    }

    private record State(DeploymentState state, int rank) {}
}
