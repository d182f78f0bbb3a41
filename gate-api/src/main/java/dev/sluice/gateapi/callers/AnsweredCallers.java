package dev.sluice.gateapi.callers;

import dev.sluice.gateapi.callers.asked.Answering;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Means;
import dev.sluice.gateapi.callers.asked.Questions;
import dev.sluice.gateapi.callers.github.GithubApi;
import dev.sluice.gateapi.callers.gitlab.GitlabApi;
import dev.sluice.gateapi.decide.GateQuestions;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.wire.Control;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the API for those who ask a gate by a webhook and are answered by a call. */
public final class AnsweredCallers implements AutoCloseable {
    private final GithubApi github;
    private final GitlabApi gitlab;
    private final Answering answering;

    /**
     * Creates the part.
     *
     * @param means what it works with
     * @param gates decides
     * @param url where people reach the API; null if that is not known
     */
    public AnsweredCallers(Means means, GateQuestions gates, @Nullable URI url) {
        var questions = new Questions(means.views(), means.log());
        github = new GithubApi(means, questions, url);
        gitlab = new GitlabApi(means, questions);
        List<Caller> callers = new ArrayList<>(gitlab.callers());
        callers.add(github.caller());
        Set<String> setups = Set.of(Control.GITHUB_APP, Control.GITLAB_SERVER);
        answering = new Answering(means, gates, callers, setups);
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
