package dev.sluice.sources.github;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Place;
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
 * @param deploys what the workflow deploys; null where it is not configured to deploy
 */
record GitHubRun(
        Place place,
        String nativeId,
        long attempt,
        String workflow,
        @Nullable DeployWorkflow deploys) {

    /**
     * Returns the run that a payload names.
     *
     * @param body the payload
     * @param repository the repository's full name
     * @param mapping which workflows deploy
     * @throws dev.sluice.sources.Rejection if it names none
     */
    static GitHubRun of(Place body, String repository, ConnectionMapping mapping) {
        Place run = body.at("workflow_run").object();
        Place attempt = run.at("run_attempt");
        long number = attempt.isAbsent() ? 1 : attempt.number();
        if (number < 1) {
            throw attempt.wrong("must be at least 1");
        }
        String workflow = workflowName(body, run);
        return new GitHubRun(
                run,
                repository + "#run-" + run.at("id").number() + "." + number,
                number,
                workflow,
                mapping.workflow(repository, workflow).orElse(null));
    }

    /** A run has a name of its own, which is the workflow's unless the workflow's file says otherwise. */
    private static String workflowName(Place body, Place run) {
        String name = body.at("workflow").at("name").optionalText();
        return name == null ? run.at("name").text() : name;
    }
}
