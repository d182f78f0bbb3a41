package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.rollback.DeliveryReport.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

/**
 * Runs the job of GitLab CI again that has deployed the earlier commit last. That it was started says nothing of how it goes. The request has no
 * condition: what is deployed in the moment after the newest deployment was read is not seen.
 */
final class GitlabJobRetry extends Conversation {
    private static final String NO_COMMIT = "the order does not name the commits of both deployments";
    private static final String UNDER_WAY = "the earlier commit is being deployed";
    private static final String HAS_FAILED = "the earlier commit was deployed again, and that has not succeeded";
    private static final Set<String> OPEN = Set.of("created", "blocked", "running");
    private static final String NEWEST = "&order_by=id&sort=desc&per_page=";
    private static final int MOST = 50;

    @Override
    Map<String, String> headers(String token) {
        return Map.of("Accept", "application/json", "PRIVATE-TOKEN", token);
    }

    @Override
    CompletableFuture<Answer> tell(Endpoint endpoint, Wanted wanted, Talk talk) {
        if (wanted.isAbort()) {
            return Talk.refused(NO_CANARY);
        }
        String target = wanted.target().sha();
        String leaving = wanted.leaving().sha();
        if (target == null || leaving == null) {
            return Talk.refused(NO_COMMIT);
        }
        String project = "/api/v4/projects/" + Talk.encoded(endpoint.setting("project"));
        String deployments = project + "/deployments?environment=" + Talk.encoded(endpoint.setting("environment"));
        return talk.read(deployments + NEWEST + 1, Talk.OBJECT, newest -> {
            if (!newest.isArray()) {
                return Talk.notUnderstood();
            }
            if (target.equals(newest.at("/0/sha").asText())) {
                return again(newest.at("/0/status").asText());
            }
            return leaving.equals(newest.at("/0/sha").asText())
                    ? retry(deployments, project, target, talk)
                    : Talk.refused(FENCED);
        });
    }

    private static CompletableFuture<Answer> again(String status) {
        if (status.equals("success")) {
            return isThere();
        }
        return OPEN.contains(status) ? Talk.end(Outcome.DELIVERED, UNDER_WAY) : Talk.refused(HAS_FAILED);
    }

    private static CompletableFuture<Answer> retry(String deployments, String project, String target, Talk talk) {
        return talk.read(deployments + "&status=success" + NEWEST + MOST, Talk.LIST, succeeded -> {
            Optional<JsonNode> job = StreamSupport.stream(succeeded.spliterator(), false)
                    .filter(deployment -> deployment.path("sha").asText().equals(target))
                    .findFirst()
                    .map(deployment -> deployment.at("/deployable/id"))
                    .filter(JsonNode::isIntegralNumber);
            return job.isEmpty()
                    ? Talk.refused(UNKNOWN)
                    : talk.write(
                            "POST",
                            project + "/jobs/" + job.get().asLong() + "/retry",
                            "application/json",
                            new byte[0],
                            Outcome.DELIVERED);
        });
    }
}
