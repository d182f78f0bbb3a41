package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Heard;
import dev.sluice.gateapi.callers.asked.Reply;
import dev.sluice.gateapi.callers.asked.Setups;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Answers what a project has asked, as long as that is set up. */
abstract class ProjectCaller implements Caller {
    static final String PROJECT = "project";

    private final Setups<GitlabServer> servers;
    private final GitlabClient client;
    private final String what;
    private final Set<Integer> refusals;

    /**
     * Creates it.
     *
     * @param servers what is set up
     * @param client calls GitLab
     * @param what is told, for the log
     * @param refusals statuses after which it is of no use to tell it again
     */
    ProjectCaller(Setups<GitlabServer> servers, GitlabClient client, String what, Set<Integer> refusals) {
        this.servers = servers;
        this.client = client;
        this.what = what;
        this.refusals = refusals;
    }

    /** Returns whether projects of a server may ask this. */
    abstract boolean mayAsk(GitlabServer server);

    /** Returns what is told. */
    abstract JsonNode body(AskedQuestion question, Reply reply);

    /** Returns the path below the project where it is told. */
    abstract String path(AskedQuestion question);

    @Override
    public CompletableFuture<Heard> tell(String tenant, AskedQuestion question, Reply reply) {
        String project = question.fact(PROJECT);
        Optional<GitlabServer> server = servers.of(tenant, question.setup())
                .filter(one -> mayAsk(one) && one.projects().containsKey(project));
        return server.map(one -> client.post(
                        one, "/projects/" + project + path(question), body(question, reply), what, refusals))
                .orElseGet(() -> CompletableFuture.completedFuture(Heard.failed("the project is not set up any more")));
    }
}
