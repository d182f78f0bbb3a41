package dev.sluice.sources.github;

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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event {@code workflow_run}: a deployment where the connection's mapping says that the workflow deploys. A run says
 * less than a deployment of GitHub: its end is when it was last touched, and whether its job that deploys was among those
 * that ran is not known.
 */
final class GitHubWorkflowRuns {
    /** Ranks of what runs say, below {@link GitHubDeployments#OVER_RUN}. */
    private static final int QUEUED_RANK = 1;

    private static final int STARTED_RANK = 2;
    private static final int RESULT_RANK = 3;

    private static final Map<String, DeploymentState> CONCLUSIONS = Map.of(
            "success", DeploymentState.SUCCESS,
            "failure", DeploymentState.FAILURE,
            "timed_out", DeploymentState.FAILURE,
            "startup_failure", DeploymentState.FAILURE,
            "cancelled", DeploymentState.CANCELLED);

    /** Conclusions that do not say whether anything was deployed. */
    private static final Set<String> WITHOUT_RESULT = Set.of("skipped", "neutral", "stale", "action_required");

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    GitHubWorkflowRuns(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    /** A run was asked for, began, or ended. */
    Outcome read(Place body) {
        Place repository = body.at("repository").object();
        String name = repository.at("full_name").text();
        GitHubRun run = GitHubRun.of(body, name, mapping);
        DeployWorkflow workflow = run.deploys();
        if (workflow == null) {
            return new Outcome.Ignored(
                    Reason.WORKFLOW_NOT_CONFIGURED,
                    "runs of the workflow " + run.workflow()
                            + " are no deployments; to make them, add the workflow with its repository and"
                            + " environment to the workflows of the connection " + delivery.connection());
        }
        if (isOfAFork(run.place().at("head_repository"), name)) {
            return new Outcome.Ignored(
                    Reason.RUN_OF_A_FORK, "the workflow " + run.workflow() + " ran on a commit of another repository");
        }
        String action = body.at("action").text();
        return switch (action) {
            case "requested" -> queued(repository, run, workflow);
            case "in_progress" -> started(repository, run, workflow);
            case "completed" -> completed(repository, run, workflow);
            default -> Outcome.Ignored.action(action, "workflow_run");
        };
    }

    /** Whatever conclusion it carries is that of an earlier attempt. */
    private Outcome queued(Place repository, GitHubRun run, DeployWorkflow workflow) {
        Place time = first(run.place(), run.attempt() == 1 ? "created_at" : "run_started_at", "updated_at");
        return observed(repository, run, workflow, DeploymentState.QUEUED, QUEUED_RANK, "requested", time, null);
    }

    private Outcome started(Place repository, GitHubRun run, DeployWorkflow workflow) {
        Place time = first(run.place(), "run_started_at", "updated_at");
        return observed(
                repository, run, workflow, DeploymentState.STARTED, STARTED_RANK, "in_progress", time, time.time());
    }

    private Outcome completed(Place repository, GitHubRun run, DeployWorkflow workflow) {
        String conclusion = run.place().at("conclusion").text();
        if (WITHOUT_RESULT.contains(conclusion)) {
            return new Outcome.Ignored(
                    Reason.RUN_WITHOUT_RESULT,
                    "the run ended as " + conclusion + ", which does not say whether it deployed");
        }
        DeploymentState state = CONCLUSIONS.get(conclusion);
        if (state == null) {
            return new Outcome.Ignored(
                    Reason.UNKNOWN_STATE, "the conclusion " + conclusion + " of a workflow's run is not known");
        }
        return observed(
                repository,
                run,
                workflow,
                state,
                RESULT_RANK,
                conclusion,
                run.place().at("updated_at"),
                run.place().at("run_started_at").optionalTime());
    }

    private Outcome observed(
            Place repository,
            GitHubRun run,
            DeployWorkflow workflow,
            DeploymentState state,
            int rank,
            String stateName,
            Place time,
            @Nullable Instant startedAt) {
        String name = repository.at("full_name").text();
        Instant occurredAt = delivery.past(time.time(), time);
        return new ForgeEvents(delivery, GitHubInstance.of(repository), name)
                .deployment(
                        new ForgeEvents.Attempt(
                                run.nativeId(),
                                mapping.serviceOf(name, workflow),
                                workflow.environment(),
                                null,
                                run.place().at("head_sha").text()),
                        new ForgeEvents.Step(
                                state,
                                rank,
                                state == DeploymentState.QUEUED ? occurredAt : null,
                                startedAt,
                                occurredAt),
                        "workflow_run",
                        run.nativeId(),
                        stateName);
    }

    /** Anybody can make a workflow of any name run in a fork; its commits are none of the repository. */
    private static boolean isOfAFork(Place head, String repository) {
        return !head.node().isMissingNode()
                && !repository.equals(head.at("full_name").optionalText());
    }

    private static Place first(Place run, String field, String otherwise) {
        return run.at(field).isAbsent() ? run.at(otherwise) : run.at(field);
    }
}
