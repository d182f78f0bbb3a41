package dev.sluice.gateapi.callers;

import dev.sluice.gateapi.callers.asked.Answering;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.github.GithubApi;
import dev.sluice.gateapi.callers.gitlab.GitlabApi;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.decide.GateQuestions;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The part of the API for those who ask a gate by a webhook and are answered by a call. */
public final class AnsweredCallers implements AutoCloseable {
    private final GithubApi github;
    private final GitlabApi gitlab;
    private final Answering answering;

    /**
     * Creates the part.
     *
     * @param bootstrap Kafka's bootstrap servers, by which replicas share the work
     * @param views what is set up, and what was asked
     * @param log keeps both
     * @param gates decides
     * @param egress where may be sent to
     * @param outbound sends
     * @param places from where secrets may be taken
     * @param url where people reach the API; null if that is not known
     * @param answers runs what follows
     * @param clock the time
     * @param registry counts what comes and goes
     */
    public AnsweredCallers(
            String bootstrap,
            Views views,
            ControlLog log,
            GateQuestions gates,
            EgressRules egress,
            OutboundRequests outbound,
            SecretPlaces places,
            @Nullable URI url,
            Executor answers,
            Clock clock,
            MeterRegistry registry) {
        var questions = new Questions(views, log);
        github = new GithubApi(
                bootstrap, views, log, questions, egress, outbound, places, url, answers, clock, registry);
        gitlab = new GitlabApi(bootstrap, views, log, questions, egress, outbound, places, answers, clock, registry);
        List<Caller> callers = new ArrayList<>(gitlab.callers());
        callers.add(github.caller());
        Set<String> setups = Set.of(Control.GITHUB_APP, Control.GITLAB_SERVER);
        answering = new Answering(bootstrap, views, log, gates, callers, setups, clock, registry);
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        github.addTo(routes);
        gitlab.addTo(routes);
    }

    /** Begins to answer. */
    public void start() {
        answering.start();
        github.start();
        gitlab.start();
    }

    @Override
    public void close() {
        gitlab.close();
        github.close();
        answering.close();
    }
}
