package dev.sluice.sources.github;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Place;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run of a workflow of GitHub Actions that a payload names. A run that is repeated keeps its id and gets a new number
 * of attempt: each attempt of a configured workflow is an attempt to deploy, whether the event {@code workflow_run} or
 * that of a deployment tells of it.
 *
 * @param place the member {@code workflow_run}
 * @param nativeId the identity of the run's attempt: {@code <repository>#run-<id>.<attempt>}
 * @param attempt 1 for the first one
 * @param workflow the workflow's name
 */
record GitHubRun(Place place, String nativeId, long attempt, String workflow) {

    /**
     * Returns the run that a payload names.
     *
     * @param body the payload
     * @param repository the repository's full name
     * @throws dev.sluice.sources.Rejection if it names none
     */
    static GitHubRun of(Place body, String repository) {
        Place run = body.at("workflow_run").object();
        long attempt = run.at("run_attempt").isAbsent() ? 1 : run.at("run_attempt").number();
        if (attempt < 1) {
            throw run.at("run_attempt").wrong("must be at least 1");
        }
        String nativeId = repository + "#run-" + run.at("id").number() + "." + attempt;
        return new GitHubRun(run, nativeId, attempt, workflowName(body, run));
    }

    /** Returns the entry that makes the run a deployment to the environment, if there is one. */
    Optional<DeployWorkflow> deploymentTo(ConnectionMapping mapping, String repository, String environment) {
        return mapping.workflow(repository, workflow)
                .filter(entry -> entry.environment().equals(environment));
    }

    /** A run has a name of its own, which is the workflow's unless the workflow's file says otherwise. */
    private static String workflowName(Place body, Place run) {
        @Nullable String name = body.at("workflow").at("name").optionalText();
        return name == null ? run.at("name").text() : name;
    }
}
