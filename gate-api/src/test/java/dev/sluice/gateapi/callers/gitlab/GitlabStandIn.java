package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.StandIn;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of GitLab's REST API of version 4 by which status checks and deployment approvals are answered, by GitLab's documentation.
 *
 * @see <a href="https://docs.gitlab.com/api/status_checks/">External status checks</a>
 * @see <a href="https://docs.gitlab.com/api/deployments/">Deployments</a>
 */
public final class GitlabStandIn extends StandIn {
    private static final Pattern CHECK =
            Pattern.compile("/api/v4/projects/(\\d+)/merge_requests/(\\d+)/status_check_responses");
    private static final Pattern APPROVAL = Pattern.compile("/api/v4/projects/(\\d+)/deployments/(\\d+)/approval");
    private static final Pattern BLOCKED =
            Pattern.compile("/api/v4/projects/(\\d+)/deployments\\?environment=([^&+]+)&status=blocked&order_by=id"
                    + "&sort=desc&per_page=(\\d+)&page=(\\d+)");

    private final String token;
    private final Map<String, String> heads = new ConcurrentHashMap<>();
    private final Map<String, Map<String, ObjectNode>> blocked = new ConcurrentHashMap<>();
    private final Map<String, Queue<Integer>> statuses = new ConcurrentHashMap<>();
    private final List<Told> told = new CopyOnWriteArrayList<>();

    /**
     * Begins to listen.
     *
     * @param token the access token that is let in
     */
    public GitlabStandIn(String token) throws IOException {
        this.token = token;
    }

    /** A status or an approval that was called, of a merge request or a deployment. */
    public record Told(String of, JsonNode body, int status) {
        @Override
        public String toString() {
            return status + " " + body.path("status").asText();
        }
    }

    @Override
    protected @Nullable Answered answer(Call call) {
        if (!call.header("PRIVATE-TOKEN").equals(token)) {
            return wrong("PRIVATE-TOKEN");
        }
        Matcher list = BLOCKED.matcher(call.target());
        if (call.method().equals("GET") && list.matches()) {
            return blocked(
                    list.group(1),
                    URLDecoder.decode(list.group(2), StandardCharsets.UTF_8),
                    Integer.parseInt(list.group(3)),
                    Integer.parseInt(list.group(4)));
        }
        require(call.header("Content-Type").equals("application/json"), "Content-Type: " + call.header("Content-Type"));
        Matcher check = CHECK.matcher(call.target());
        if (call.method().equals("POST") && check.matches()) {
            return check(call, check.group(2));
        }
        Matcher approval = APPROVAL.matcher(call.target());
        if (call.method().equals("POST") && approval.matches()) {
            return approval(call, approval.group(1), approval.group(2));
        }
        return wrong(call.method() + " " + call.target());
    }

    private Answered blocked(String project, String environment, int most, int page) {
        ArrayNode answer = Json.mapper().createArrayNode();
        blocked.getOrDefault(project, Map.of()).values().stream()
                .filter(one -> one.at("/environment/name").asText().equals(environment))
                .sorted(Comparator.comparingInt(
                        (ObjectNode one) -> -one.path("id").asInt()))
                .skip((page - 1L) * most)
                .limit(most)
                .forEach(answer::add);
        return new Answered(200, answer.toString());
    }

    private Answered check(Call call, String mergeRequest) {
        members(call.body(), "status", Set.of("sha", "external_status_check_id", "status"), Set.of());
        require(call.body().path("external_status_check_id").isIntegralNumber(), "external_status_check_id");
        require(
                Set.of("passed", "failed", "pending")
                        .contains(call.body().path("status").asText()),
                "status " + call.body().path("status"));
        boolean isHead = call.body().path("sha").asText().equals(heads.get(mergeRequest));
        return heard(mergeRequest, call.body(), isHead ? 201 : 409);
    }

    private Answered approval(Call call, String project, String deployment) {
        members(call.body(), "approval", Set.of("status"), Set.of("comment", "represented_as"));
        require(
                Set.of("approved", "rejected")
                        .contains(call.body().path("status").asText()),
                "status " + call.body().path("status"));
        boolean waits = blocked.getOrDefault(project, Map.of()).containsKey(deployment);
        return heard(deployment, call.body(), waits ? 201 : 400);
    }

    private Answered heard(String of, JsonNode body, int usual) {
        Queue<Integer> queue = statuses.get(of);
        Integer status = queue == null ? null : queue.poll();
        int answered = status == null ? usual : status;
        told.add(new Told(of, body, answered));
        return new Answered(answered, "{}");
    }

    /** Says which commit is the head of a merge request. */
    public void head(String mergeRequest, String sha) {
        heads.put(mergeRequest, sha);
    }

    /** A deployment waits for an approval from now on. */
    public void blocked(String project, int id, String environment, String sha) {
        blocked(project, id, environment, sha, "Fix it");
    }

    /** A deployment waits for an approval from now on, of a commit with this message. */
    public void blocked(String project, int id, String environment, String sha, String message) {
        ObjectNode deployment = Json.mapper().createObjectNode();
        deployment
                .put("id", id)
                .put("iid", 1)
                .put("ref", "main")
                .put("sha", sha)
                .put("status", "blocked");
        deployment.putObject("deployable").putObject("commit").put("message", message);
        deployment.putObject("environment").put("id", 9).put("name", environment);
        blocked.computeIfAbsent(project, none -> new ConcurrentHashMap<>()).put(Integer.toString(id), deployment);
    }

    /** Says how the next calls about a merge request or a deployment are answered. */
    public void answers(String of, Integer... answers) {
        statuses.computeIfAbsent(of, none -> new ConcurrentLinkedQueue<>()).addAll(List.of(answers));
    }

    /** Returns what was told of a merge request or a deployment, the first one first. */
    public List<Told> told(String of) {
        return told.stream().filter(one -> one.of().equals(of)).toList();
    }
}
