package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.AskedQuestion;
import dev.sluice.gateapi.callers.asked.Reply;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.wire.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers a deployment that waits for an approval: {@code approved} or {@code rejected}; while the gate is pending it waits. */
final class DeploymentApprovals extends ProjectCaller {
    /** The kind, as questions have it. */
    static final String KIND = "gitlab-deployment";

    static final String DEPLOYMENT = "deployment";
    static final String ENVIRONMENT = "environment";

    private static final int LONGEST_COMMENT = 255;
    /** The deployment does not wait any more, or GitLab finds the answer wrong: so it will find it the next time. */
    private static final Set<Integer> REFUSALS = Set.of(400, 409, 410, 422);

    DeploymentApprovals(Setups<GitlabServer> servers, GitlabClient client) {
        super(servers, client, "the approval", REFUSALS);
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
    Optional<Asks> asks(GitlabServer server, Map<String, String> facts) {
        return Optional.ofNullable(server.deployments())
                .flatMap(deploying -> Optional.ofNullable(
                                deploying.environments().get(facts.get(ENVIRONMENT)))
                        .map(environment -> new Asks(deploying.gate(), environment)));
    }

    @Override
    JsonNode body(AskedQuestion question, Reply reply) {
        return Json.mapper()
                .createObjectNode()
                .put("status", reply.state() == Reply.State.ALLOWED ? "approved" : "rejected")
                .put("comment", reply.line(LONGEST_COMMENT));
    }

    @Override
    String path(AskedQuestion question) {
        return "/deployments/" + question.fact(DEPLOYMENT) + "/approval";
    }
}
