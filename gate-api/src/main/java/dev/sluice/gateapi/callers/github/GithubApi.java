package dev.sluice.gateapi.callers.github;

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
import java.net.URI;
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
     * @param means what it works with
     * @param questions keeps what is asked
     * @param url where people reach the API; null if that is not known
     */
    public GithubApi(Means means, Questions questions, @Nullable URI url) {
        var apps = new Setups<>(Control.GITHUB_APP, new GithubAppForm(means.egress(), means.secrets()), means.views());
        var client = new GithubClient(means.outbound(), means.secrets(), means.clock());
        setup = new SetupApi(
                new SetupApi.Kind("github-apps", Control.GITHUB_APP, Verb.ADMIN, Verb.ADMIN),
                apps,
                means.views(),
                means.log(),
                means.answers(),
                means.clock());
        rules = new ProtectionRuleHandler(
                apps,
                new SignedWebhook(GithubCaller.KIND, means.secrets(), means.registry()),
                questions,
                means.clock());
        caller = new GithubCaller(apps, client, url);
        missed = new MissedDeliveries(means, apps, client);
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
