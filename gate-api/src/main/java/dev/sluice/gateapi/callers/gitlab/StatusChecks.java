package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Reply;
import dev.sluice.gateapi.callers.asked.Revision;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.wire.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers an external status check: {@code pending}, then {@code passed} or {@code failed}, of the commit that was asked about. */
final class StatusChecks extends ProjectCaller {
    /** The kind, as questions have it. */
    static final String KIND = "gitlab-check";

    static final String MERGE_REQUEST = "merge_request";
    static final String CHECK = "status_check";

    private static final int MOST_REPORTS = 10;
    /** 409: the commit is no longer the head of the merge request, which asks anew for the one that is. */
    private static final Set<Integer> REFUSALS = Set.of(409, 410, 422);

    StatusChecks(Setups<GitlabServer> servers, GitlabClient client) {
        super(servers, client, "the status", REFUSALS);
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
    Optional<Asks> asks(GitlabServer server, Map<String, String> facts) {
        return Optional.ofNullable(server.mergeRequests())
                .map(merging -> new Asks(merging.gate(), merging.environment()));
    }

    @Override
    JsonNode body(AskedQuestion question, Reply reply) {
        return Json.mapper()
                .createObjectNode()
                .put("sha", Revision.of(question.facts()).sha())
                .put("external_status_check_id", Long.parseLong(question.fact(CHECK)))
                .put(
                        "status",
                        switch (reply.state()) {
                            case PENDING -> "pending";
                            case ALLOWED -> "passed";
                            case DENIED -> "failed";
                        });
    }

    @Override
    String path(AskedQuestion question) {
        return "/merge_requests/" + question.fact(MERGE_REQUEST) + "/status_check_responses";
    }
}
