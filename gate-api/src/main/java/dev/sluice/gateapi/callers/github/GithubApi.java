package dev.sluice.gateapi.callers.github;

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
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The part of the API for apps of GitHub: they are set up, ask by webhooks, and are asked for what has not arrived. */
public final class GithubApi implements AutoCloseable {
    private final SetupApi setup;
    private final ProtectionRuleHandler rules;
    private final GithubCaller caller;
    private final MissedDeliveries missed;

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
     * @param url where people reach the API; null if that is not known
     * @param answers runs what follows
     * @param clock the time
     * @param registry counts what comes and goes
     */
    public GithubApi(
            String bootstrap,
            Views views,
            ControlLog log,
            Questions questions,
            EgressRules egress,
            OutboundRequests outbound,
            SecretPlaces places,
            @Nullable URI url,
            Executor answers,
            Clock clock,
            MeterRegistry registry) {
        var apps = new Setups<>(Control.GITHUB_APP, new GithubAppForm(egress, places), views);
        var client = new GithubClient(outbound, places, clock);
        setup = new SetupApi(
                new SetupApi.Kind("github-apps", Control.GITHUB_APP, Verb.ADMIN, Verb.ADMIN),
                apps,
                views,
                log,
                answers,
                clock);
        rules = new ProtectionRuleHandler(
                apps, new SignedWebhook(GithubCaller.KIND, places, registry), questions, clock);
        caller = new GithubCaller(apps, client, url);
        missed = new MissedDeliveries(bootstrap, views, apps, client, clock, registry);
    }

    /** Returns how a rule is answered. */
    public Caller caller() {
        return caller;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        setup.addTo(routes);
        routes.add(HandlerType.POST, "/v1/github-apps/{name}/webhook", Verb.PUBLIC, rules::receive);
    }

    /** Begins to look for what has not arrived. */
    public void start() {
        missed.start();
    }

    @Override
    public void close() {
        missed.close();
    }
}
