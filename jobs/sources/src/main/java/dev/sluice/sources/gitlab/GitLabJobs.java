package dev.sluice.sources.gitlab;

import dev.sluice.delivery.DeploymentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The run of a job (a build), which is an attempt to deploy where the connection's mapping says that the job deploys. A job
 * that is run again gets a new id: another attempt. Its failure is one also where its pipeline is allowed to go on.
 */
final class GitLabJobs {
    private static final Map<String, State> STATES = Map.of(
            "running", new State(DeploymentState.STARTED, 2),
            "success", new State(DeploymentState.SUCCESS, 3),
            "failed", new State(DeploymentState.FAILURE, 3),
            "canceled", new State(DeploymentState.CANCELLED, 3));

    /** Each job of a pipeline is created at once; of these states none says that it will ever run. */
    private static final Set<String> NOT_BEGUN =
            Set.of("created", "manual", "scheduled", "waiting_for_resource", "preparing", "pending");

    private final Delivery delivery;
    private final ConnectionMapping mapping;

    GitLabJobs(Delivery delivery, ConnectionMapping mapping) {
        this.delivery = delivery;
        this.mapping = mapping;
    }

    Outcome read(Place body) {
        GitLabProject project = GitLabProject.of(body);
        String name = body.at("build_name").text();
        DeployWorkflow job = mapping.workflow(project.path(), name).orElse(null);
        Place place = body.at("environment");
        if (job == null) {
            return new Outcome.Ignored(
                    Reason.WORKFLOW_NOT_CONFIGURED,
                    "runs of the job " + name + " are no deployments: GitLab's deployments are; to count the job, add"
                            + " it with its project and environment to the workflows of the connection "
                            + delivery.connection());
        }
        String environment = place.isAbsent() ? job.environment() : environment(place);
        if (!environment.equals(job.environment())) {
            return new Outcome.Ignored(
                    Reason.WORKFLOW_NOT_CONFIGURED,
                    "the job " + name + " is configured to deploy to " + job.environment() + ", and deploys to "
                            + environment);
        }
        String action = place.at("action").optionalText();
        if (action != null && !action.equals("start")) {
            return Outcome.Ignored.action(action, "a job");
        }
        String status = body.at("build_status").text();
        State state = STATES.get(status);
        return state == null ? without(name, status) : observed(body, project, job, status, state);
    }

    private String environment(Place place) {
        return (place.node().isTextual() ? place : place.object().at(tierOrName())).text();
    }

    private String tierOrName() {
        return GitLabOptions.isTier(mapping) ? "deployment_tier" : "name";
    }

    private static Outcome without(String name, String status) {
        if (NOT_BEGUN.contains(status)) {
            return new Outcome.Ignored(
                    Reason.RUN_NOT_BEGUN, "the job " + name + " is " + status + ": it may never run");
        }
        return status.equals("skipped")
                ? new Outcome.Ignored(Reason.RUN_WITHOUT_RESULT, "the job " + name + " was skipped")
                : new Outcome.Ignored(Reason.UNKNOWN_STATE, "GitLab's status " + status + " of a job is not known");
    }

    private Outcome observed(Place body, GitLabProject project, DeployWorkflow job, String status, State state) {
        String nativeId = project.path() + "#job-" + body.at("build_id").number();
        Place time = body.at(state.state() == DeploymentState.STARTED ? "build_started_at" : "build_finished_at");
        Instant occurredAt = delivery.past(GitLabTimes.time(time), time);
        Instant startedAt = GitLabTimes.optionalTime(body.at("build_started_at"));
        return project.events(delivery)
                .deployment(
                        new ForgeEvents.Attempt(
                                nativeId,
                                mapping.serviceOf(project.path(), job),
                                job.environment(),
                                null,
                                body.at("sha").text()),
                        new ForgeEvents.Step(
                                state.state(),
                                state.rank(),
                                queuedAt(startedAt, body.at("build_queued_duration")),
                                startedAt,
                                occurredAt),
                        "build",
                        nativeId,
                        status);
    }

    /** When the job was created says nothing: one that is started by hand waited for a person, not for a runner. */
    private static @Nullable Instant queuedAt(@Nullable Instant startedAt, Place seconds) {
        double queued = seconds.node().isNumber() ? seconds.node().doubleValue() : -1;
        boolean known = queued >= 0 && queued < Duration.ofDays(366).toSeconds();
        return startedAt == null || !known ? null : startedAt.minusMillis(Math.round(queued * 1_000));
    }

    private record State(DeploymentState state, int rank) {}
}
