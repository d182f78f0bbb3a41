package dev.sluice.gateapi.callers.gitlab;

import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Means;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.SignedWebhook;
import dev.sluice.gateapi.control.SetupApi;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.wire.Control;
import io.javalin.http.HandlerType;
import java.util.List;

/** The part of the API for servers of GitLab: they are set up, ask by status checks, and are asked for deployments that wait. */
public final class GitlabApi implements AutoCloseable {
    private final SetupApi setup;
    private final StatusCheckHandler checks;
    private final List<Caller> callers;
    private final BlockedDeployments blocked;

    /**
     * Creates the part.
     *
     * @param means what it works with
     * @param questions keeps what is asked
     */
    public GitlabApi(Means means, Questions questions) {
        var servers = new Setups<>(
                Control.GITLAB_SERVER, new GitlabServerForm(means.egress(), means.secrets()), means.views());
        var client = new GitlabClient(means.outbound(), means.secrets());
        setup = new SetupApi(
                new SetupApi.Kind("gitlab-servers", Control.GITLAB_SERVER, Verb.ADMIN, Verb.ADMIN),
                servers,
                means.views(),
                means.log(),
                means.answers(),
                means.clock());
        var statusChecks = new StatusChecks(servers, client);
        var approvals = new DeploymentApprovals(servers, client);
        checks = new StatusCheckHandler(
                servers,
                statusChecks,
                new SignedWebhook(StatusChecks.KIND, means.secrets(), means.registry()),
                questions,
                means.clock());
        callers = List.of(statusChecks, approvals);
        blocked = new BlockedDeployments(means, servers, client, approvals, questions);
    }

    /** Returns how merge requests and deployments are answered. */
    public List<Caller> callers() {
        return callers;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        setup.addTo(routes);
        routes.add(HandlerType.POST, "/v1/gitlab-servers/{name}/status-check", Verb.PUBLIC, checks::receive);
    }

    /** Begins to look for deployments that wait. */
    public void start() {
        blocked.start();
    }

    @Override
    public void close() {
        blocked.close();
    }
}
