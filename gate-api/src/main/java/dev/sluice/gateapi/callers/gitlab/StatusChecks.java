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

/** Answers an external status check: {@code pending}, then {@code passed} or {@code failed}, of the commit that was asked about. */
final class StatusChecks implements Caller {
    /** The kind, as questions have it. */
    static final String KIND = "gitlab-check";

    static final String PROJECT = "project";
    static final String MERGE_REQUEST = "merge_request";
    static final String CHECK = "status_check";
    static final String SHA = "sha";

    private static final int MOST_REPORTS = 10;
    /** 409: the commit is no longer the head of the merge request, which asks anew for the one that is. */
    private static final Set<Integer> REFUSALS = Set.of(409, 410, 422);

    private final Setups<GitlabServer> servers;
    private final GitlabClient client;

    StatusChecks(Setups<GitlabServer> servers, GitlabClient client) {
        this.servers = servers;
        this.client = client;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public int mostReports() {
        return MOST_REPORTS;
    }

    @Override
    public CompletableFuture<Heard> tell(String tenant, AskedQuestion question, Reply reply) {
        String project = question.fact(PROJECT);
        Optional<GitlabServer> server = servers.of(tenant, question.setup())
                .filter(one -> one.mergeRequests() != null && one.projects().containsKey(project));
        if (server.isEmpty()) {
            return CompletableFuture.completedFuture(Heard.failed("the project is not set up any more"));
        }
        ObjectNode body = Json.mapper()
                .createObjectNode()
                .put("sha", question.fact(SHA))
                .put("external_status_check_id", Long.parseLong(question.fact(CHECK)))
                .put("status", status(reply));
        String path =
                "/projects/" + project + "/merge_requests/" + question.fact(MERGE_REQUEST) + "/status_check_responses";
        return client.post(server.get(), path, body, "the status", REFUSALS);
    }

    private static String status(Reply reply) {
        return switch (reply.state()) {
            case PENDING -> "pending";
            case ALLOWED -> "passed";
            case DENIED -> "failed";
        };
    }
}
