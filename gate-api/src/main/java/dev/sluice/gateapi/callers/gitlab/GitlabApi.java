package dev.sluice.gateapi.callers.gitlab;

import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.SignedWebhook;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.SetupApi;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/** The part of the API for servers of GitLab: they are set up, ask by status checks, and are asked for deployments that wait. */
public final class GitlabApi implements AutoCloseable {
    private final SetupApi setup;
    private final StatusCheckHandler checks;
    private final List<Caller> callers;
    private final BlockedDeployments blocked;

    /**
     * Creates the part.
     *
     * @param bootstrap Kafka's bootstrap servers, by which replicas share the work
     * @param views what is set up
     * @param log writes what is set up
     * @param questions keeps what is asked
     * @param egress where may be sent to
     * @param outbound sends
     * @param places from where secrets may be taken
     * @param answers runs what follows
     * @param clock the time
     * @param registry counts what comes and goes
     */
    public GitlabApi(
            String bootstrap,
            Views views,
            ControlLog log,
            Questions questions,
            EgressRules egress,
            OutboundRequests outbound,
            SecretPlaces places,
            Executor answers,
            Clock clock,
            MeterRegistry registry) {
        var servers = new Setups<>(Control.GITLAB_SERVER, new GitlabServerForm(egress, places), views);
        var client = new GitlabClient(outbound, places);
        setup = new SetupApi(
                new SetupApi.Kind("gitlab-servers", Control.GITLAB_SERVER, Verb.ADMIN, Verb.ADMIN),
                servers,
                views,
                log,
                answers,
                clock);
        checks = new StatusCheckHandler(
                servers, new SignedWebhook(StatusChecks.KIND, places, registry), questions, clock);
        callers = List.of(new StatusChecks(servers, client), new DeploymentApprovals(servers, client));
        blocked = new BlockedDeployments(bootstrap, views, servers, client, questions, clock, registry);
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
