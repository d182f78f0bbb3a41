package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Caller;
import dev.sluice.gateapi.callers.asked.Heard;
import dev.sluice.gateapi.callers.asked.Reply;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.wire.Json;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Answers a deployment that waits for an approval: {@code approved} or {@code rejected}; while the gate is pending it waits. */
final class DeploymentApprovals implements Caller {
    /** The kind, as questions have it. */
    static final String KIND = "gitlab-deployment";

    static final String PROJECT = "project";
    static final String DEPLOYMENT = "deployment";

    private static final int LONGEST_COMMENT = 255;
    /** The deployment does not wait any more, or GitLab finds the answer wrong: so it will find it the next time. */
    private static final Set<Integer> REFUSALS = Set.of(400, 409, 410, 422);

    private final Setups<GitlabServer> servers;
    private final GitlabClient client;

    DeploymentApprovals(Setups<GitlabServer> servers, GitlabClient client) {
        this.servers = servers;
        this.client = client;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** GitLab knows no report. */
    @Override
    public int mostReports() {
        return 0;
    }

    @Override
    public CompletableFuture<Heard> tell(String tenant, AskedQuestion question, Reply reply) {
        String project = question.fact(PROJECT);
        Optional<GitlabServer> server = servers.of(tenant, question.setup())
                .filter(one -> one.deployments() != null && one.projects().containsKey(project));
        if (server.isEmpty()) {
            return CompletableFuture.completedFuture(Heard.failed("the project is not set up any more"));
        }
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("status", reply.state() == Reply.State.ALLOWED ? "approved" : "rejected")
                .put("comment", reply.line(LONGEST_COMMENT));
        String path = "/projects/" + project + "/deployments/" + question.fact(DEPLOYMENT) + "/approval";
        return client.post(server.get(), path, body, "the approval", REFUSALS);
    }
}
