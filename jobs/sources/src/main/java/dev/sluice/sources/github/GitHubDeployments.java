package dev.sluice.sources.github;

import dev.sluice.delivery.DeploymentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Documents;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events {@code deployment} and {@code deployment_status}. An attempt is a deployment; its states are the statuses,
 * each at the moment of its creation: {@code updated_at} moves when a later deployment makes it inactive.
 *
 * <p>A deployment that the run of a configured workflow made is the same attempt as the run: both have the run's
 * identity, so they count once in whatever order they come, and what the deployment says goes before what the run says.
 */
final class GitHubDeployments {
    /** What is added to the ranks of a deployment that a run made, so that they are above those of the run. */
    static final int OVER_RUN = 10;

    private static final String ACTIONS_USER = "github-actions[bot]";
    private static final String ACTIONS_APP = "github-actions";

    /** GitHub's times have whole seconds: the rank decides within one. */
    private static final Map<String, State> STATES = Map.of(
            "pending", new State(DeploymentState.QUEUED, 1),
            "queued", new State(DeploymentState.QUEUED, 1),
            "waiting", new State(DeploymentState.QUEUED, 1),
            "in_progress", new State(DeploymentState.STARTED, 2),
            "success", new State(DeploymentState.SUCCESS, 3),
            "failure", new State(DeploymentState.FAILURE, 3),
            "error", new State(DeploymentState.FAILURE, 3),
            "inactive", new State(DeploymentState.INACTIVE, 4));

    private static final State CREATED = new State(DeploymentState.QUEUED, 0);

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    GitHubDeployments(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    /** A deployment was asked for; that is not yet a deployment done. */
    Outcome created(Place body) {
        Outcome unused = unlessCreated(body, "deployment");
        if (unused != null) {
            return unused;
        }
        Place deployment = body.at("deployment").object();
        return observed(body, CREATED, "created", "", deployment.at("created_at"));
    }

    /** A deployment came into a state. */
    Outcome status(Place body) {
        Outcome unused = unlessCreated(body, "deployment_status");
        if (unused != null) {
            return unused;
        }
        Place status = body.at("deployment_status").object();
        String name = status.at("state").text();
        State state = STATES.get(name);
        if (state == null) {
            return new Outcome.Ignored(Reason.UNKNOWN_STATE, "GitHub's deployment state " + name + " is not known");
        }
        String id = Long.toString(status.at("id").number());
        return observed(body, state, name, id, status.at("created_at"));
    }

    /** Old instances send no action: they know no other. */
    private static @Nullable Outcome unlessCreated(Place body, String event) {
        String action = body.at("action").optionalText();
        return action == null || action.equals("created") ? null : Outcome.Ignored.action(action, event);
    }

    private Outcome observed(Place body, State state, String stateName, String statusId, Place time) {
        Place repository = body.at("repository").object();
        String source = GitHubInstance.of(repository);
        String name = repository.at("full_name").text();
        Place deployment = body.at("deployment").object();
        String nativeId = name + "#" + deployment.at("id").number();
        String environment = deployment.at("environment").text();
        if (!mapping.takes(environment)) {
            return Outcome.Ignored.environment(delivery, environment);
        }
        Optional<DeployWorkflow> workflow = mapping.workflowTo(name, environment);
        if (workflow.isPresent() && body.at("workflow_run").isAbsent() && isOfActions(deployment)) {
            return new Outcome.Ignored(
                    Reason.COUNTED_BY_WORKFLOW,
                    "Actions made the deployment and does not name the run; the runs of the workflow "
                            + workflow.get().workflow() + " are counted");
        }
        Attempt attempt = workflow.isPresent() ? attempt(body, name, nativeId, environment) : own(name, nativeId);
        Instant occurredAt = delivery.past(time.time(), time);
        Place payload = payload(deployment.at("payload"));
        String service = named(payload.at("service"));
        return new ForgeEvents(delivery, source, name)
                .deployment(
                        new ForgeEvents.Attempt(
                                attempt.nativeId(),
                                service == null ? attempt.service() : service,
                                environment,
                                named(payload.at("version")),
                                deployment.at("sha").text()),
                        new ForgeEvents.Step(
                                state.state(),
                                attempt.baseRank() + state.rank(),
                                deployment.at("created_at").time(),
                                state.state() == DeploymentState.STARTED ? occurredAt : null,
                                occurredAt),
                        "deployment",
                        nativeId,
                        statusId,
                        stateName);
    }

    /** Returns the attempt of the run that the payload names, if its workflow is configured for the environment. */
    private Attempt attempt(Place body, String repository, String nativeId, String environment) {
        if (body.at("workflow_run").isAbsent()) {
            return own(repository, nativeId);
        }
        GitHubRun run = GitHubRun.of(body, repository, mapping);
        DeployWorkflow workflow = run.deploys();
        return workflow != null && workflow.environment().equals(environment)
                ? new Attempt(run.nativeId(), OVER_RUN, mapping.serviceOf(repository, workflow))
                : own(repository, nativeId);
    }

    private Attempt own(String repository, String nativeId) {
        return new Attempt(nativeId, 0, mapping.serviceOf(repository));
    }

    private static boolean isOfActions(Place deployment) {
        return ACTIONS_USER.equals(deployment.at("creator").at("login").node().textValue())
                || ACTIONS_APP.equals(deployment
                        .at("performed_via_github_app")
                        .at("slug")
                        .node()
                        .textValue());
    }

    /** What the deployer added: an object, or the same as a text of JSON, or any text. */
    private static Place payload(Place payload) {
        if (!payload.node().isTextual()) {
            return payload;
        }
        try {
            return new Place(Documents.read(payload.node().textValue()).node(), payload.pointer());
        } catch (Rejection e) {
            // The payload is the deployer's own: whatever is no JSON is meant for somebody else.
            return payload;
        }
    }

    /** A name in the deployer's own payload, which may hold anything: what is no name says nothing. */
    private static @Nullable String named(Place place) {
        try {
            return place.node().isNumber() ? place.node().asText() : place.optionalText();
        } catch (Rejection e) {
            return null;
        }
    }

    private record State(DeploymentState state, int rank) {}

    /** Which attempt a deployment is; its service where the deployer names none. */
    private record Attempt(String nativeId, int baseRank, String service) {}
}
