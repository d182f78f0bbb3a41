package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Heard;
import dev.sluice.gateapi.callers.asked.Reply;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.callers.asked.Setups;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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

    /**
     * Returns what gate a project asks, for which environment.
     *
     * @return nothing if it may not ask
     */
    abstract Optional<Asks> asks(GitlabServer server, Map<String, String> facts);

    /**
     * What is asked of every service alike.
     *
     * @param gate the gate that is asked
     * @param environment for which
     */
    record Asks(String gate, String environment) {}

    /**
     * Returns what a project asks.
     *
     * @param name of the server
     * @param server what is set up of it
     * @param askedAt when
     * @param facts what GitLab has said
     * @return nothing if it may not ask
     */
    Optional<AskedQuestion> question(String name, GitlabServer server, Instant askedAt, Map<String, String> facts) {
        var all = new HashMap<>(facts);
        all.put(AskedQuestion.API, server.api().toString());
        Revision revision = Revision.of(facts);
        Optional<String> service = Optional.ofNullable(server.projects().get(facts.get(PROJECT)));
        return service.flatMap(of -> asks(server, facts)
                .map(asked -> new AskedQuestion.Subject(
                        asked.gate(), of, asked.environment(), revision.version(server.version()), revision.sha()))
                .map(subject -> AskedQuestion.of(kind(), name, askedAt, subject, all)));
    }

    @Override
    public Optional<AskedQuestion> now(String tenant, AskedQuestion question) {
        return servers.of(tenant, question.setup())
                .flatMap(server -> question(question.setup(), server, question.askedAt(), question.facts()));
    }

    /** Returns what is told. */
    abstract JsonNode body(AskedQuestion question, Reply reply);

    /** Returns the path below the project where it is told. */
    abstract String path(AskedQuestion question);

    @Override
    public CompletableFuture<Heard> tell(String tenant, AskedQuestion question, Reply reply) {
        String project = question.fact(PROJECT);
        Optional<GitlabServer> server = servers.of(tenant, question.setup())
                .filter(one -> one.projects().containsKey(project)
                        && asks(one, question.facts()).isPresent());
        return server.map(one -> client.post(
                        tenant, one, "/projects/" + project + path(question), body(question, reply), what, refusals))
                .orElseGet(() -> CompletableFuture.completedFuture(Heard.failed("the project is not set up any more")));
    }
}
