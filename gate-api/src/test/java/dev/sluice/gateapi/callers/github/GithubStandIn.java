package dev.sluice.gateapi.callers.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sluice.gateapi.callers.StandIn;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The part of GitHub's REST API of version 2022-11-28 that an app with a protection rule needs, by GitHub's documentation.
 *
 * @see <a href="https://docs.github.com/en/rest/actions/workflow-runs">Review custom deployment protection rules</a>
 * @see <a href="https://docs.github.com/en/rest/apps/apps">Create an installation access token</a>
 * @see <a href="https://docs.github.com/en/rest/apps/webhooks">Deliveries of an app's webhook</a>
 * @see <a href="https://docs.github.com/en/rest/checks/runs">Check runs</a>
 */
public final class GithubStandIn extends StandIn {
    /** Instead of a status: the request is taken, and nothing is answered. */
    public static final int SILENCE = 0;

    private static final Pattern TOKENS = Pattern.compile("/app/installations/(\\d+)/access_tokens");
    private static final Pattern REVIEW =
            Pattern.compile("/repos/([\\w.-]+/[\\w.-]+)/actions/runs/(\\d+)/deployment_protection_rule");
    private static final Pattern CHECK_RUNS = Pattern.compile("/repos/([\\w.-]+/[\\w.-]+)/check-runs(?:/(\\d+))?");
    private static final Pattern ATTEMPTS = Pattern.compile("/app/hook/deliveries/(\\d+)/attempts");

    private final String appId;
    private final PublicKey key;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();
    private final Map<String, Queue<Integer>> statuses = new ConcurrentHashMap<>();
    private final List<Review> reviews = new CopyOnWriteArrayList<>();
    private final List<Check> checks = new CopyOnWriteArrayList<>();
    private final List<String> redelivered = new CopyOnWriteArrayList<>();
    private final Map<Long, String> repositories = new HashMap<>();
    private volatile String deliveries = "[]";
    private volatile Duration later = Duration.ZERO;

    /**
     * Begins to listen.
     *
     * @param appId id of the app
     * @param key by which the app signs
     * @param repositories names by ids
     */
    public GithubStandIn(String appId, PublicKey key, Map<Long, String> repositories) throws IOException {
        this.appId = appId;
        this.key = key;
        this.repositories.putAll(repositories);
    }

    /** A review that was called. */
    public record Review(String run, JsonNode body, int status) {}

    /** A check run that was written. */
    public record Check(String method, String id, JsonNode body) {}

    @Override
    protected @Nullable Answered answer(Call call) {
        require(call.header("Accept").equals("application/vnd.github+json"), "Accept: " + call.header("Accept"));
        require(
                call.header("X-GitHub-Api-Version").equals("2022-11-28"),
                "X-GitHub-Api-Version: " + call.header("X-GitHub-Api-Version"));
        require(
                !call.hasBody() || call.header("Content-Type").equals("application/json"),
                "Content-Type: " + call.header("Content-Type"));
        require(!call.header("User-Agent").isEmpty(), "User-Agent is missing");
        Matcher tokensPath = TOKENS.matcher(call.target());
        if (call.method().equals("POST") && tokensPath.matches()) {
            return token(call);
        }
        Matcher review = REVIEW.matcher(call.target());
        if (call.method().equals("POST") && review.matches()) {
            return review(call, review.group(1), review.group(2));
        }
        Matcher check = CHECK_RUNS.matcher(call.target());
        if (check.matches() && call.method().equals(check.group(2) == null ? "POST" : "PATCH")) {
            return check(call, check.group(1), check.group(2));
        }
        if (call.method().equals("GET") && call.target().equals("/app/hook/deliveries?per_page=50")) {
            return isApp(call) ? new Answered(200, deliveries) : unauthenticated();
        }
        Matcher attempt = ATTEMPTS.matcher(call.target());
        if (call.method().equals("POST") && attempt.matches()) {
            redelivered.add(attempt.group(1));
            return isApp(call) ? new Answered(202, "{}") : unauthenticated();
        }
        return wrong(call.method() + " " + call.target());
    }

    private static Answered unauthenticated() {
        return new Answered(401, "{\"message\":\"Bad credentials\"}");
    }

    private boolean isApp(Call call) {
        String header = call.header("Authorization");
        try {
            Instant now = Instant.now().plus(later);
            JwtClaims claims = new JwtConsumerBuilder()
                    .setEvaluationTime(NumericDate.fromSeconds(now.getEpochSecond()))
                    .setRequireExpirationTime()
                    .setRequireIssuedAt()
                    .setMaxFutureValidityInMinutes(10)
                    .setExpectedIssuer(appId)
                    .setVerificationKey(key)
                    .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256)
                    .build()
                    .processToClaims(header.startsWith("Bearer ") ? header.substring(7) : "");
            members(
                    Json.read(claims.toJson().getBytes(StandardCharsets.UTF_8), JsonNode.class),
                    "claims",
                    Set.of("iss", "iat", "exp"),
                    Set.of());
            return true;
        } catch (InvalidJwtException e) {
            var unused = wrong("the app's token: " + e.getMessage());
            return false;
        }
    }

    private @Nullable Answered token(Call call) {
        Integer status = next(call.target());
        if (status != null) {
            return status == SILENCE ? null : new Answered(status, "{\"message\":\"Server Error\"}");
        }
        members(call.body(), "token", Set.of("repository_ids", "permissions"), Set.of());
        members(call.body().path("permissions"), "permissions", Set.of("deployments"), Set.of("checks"));
        call.body().path("permissions").forEach(one -> require(one.asText().equals("write"), "permission " + one));
        require(call.body().path("repository_ids").size() == 1, "repository_ids");
        if (!isApp(call)) {
            return unauthenticated();
        }
        String repository = repositories.get(call.body().at("/repository_ids/0").asLong());
        if (repository == null) {
            return new Answered(422, "{\"message\":\"There is at least one repository that does not exist\"}");
        }
        String token = "ghs_" + issued.incrementAndGet();
        tokens.put(token, repository);
        return new Answered(
                201,
                Json.mapper()
                        .createObjectNode()
                        .put("token", token)
                        .put("expires_at", Instant.now().plusSeconds(3_600).toString())
                        .put("repository_selection", "selected")
                        .toString());
    }

    private boolean isInstallation(Call call, String repository) {
        String header = call.header("Authorization");
        return header.startsWith("Bearer ") && repository.equals(tokens.get(header.substring(7)));
    }

    private @Nullable Answered review(Call call, String repository, String run) {
        members(call.body(), "review", Set.of("environment_name", "comment"), Set.of("state"));
        require(
                !call.body().has("state")
                        || Set.of("approved", "rejected")
                                .contains(call.body().path("state").asText()),
                "state " + call.body().path("state"));
        require(call.body().path("comment").asText().length() <= 1_024, "the comment is too long");
        Integer told = next(run);
        int status = told != null ? told : isInstallation(call, repository) ? 204 : 401;
        reviews.add(new Review(run, call.body(), status));
        return status == SILENCE ? null : new Answered(status, "");
    }

    private Answered check(Call call, String repository, @Nullable String id) {
        members(
                call.body(),
                "check run",
                id == null ? Set.of("name", "head_sha", "status", "output") : Set.of("name", "status", "output"),
                Set.of("conclusion", "external_id", "details_url"));
        members(call.body().path("output"), "output", Set.of("title", "summary"), Set.of());
        boolean isCompleted = call.body().path("status").asText().equals("completed");
        require(isCompleted == call.body().has("conclusion"), "a conclusion goes with completed");
        if (!isInstallation(call, repository)) {
            return unauthenticated();
        }
        Integer told = next("check run of " + call.body().path("head_sha").asText());
        if (told != null) {
            return new Answered(told, "{}");
        }
        String known = id == null ? Integer.toString(1_000 + checks.size()) : id;
        checks.add(new Check(call.method(), known, call.body()));
        return new Answered(id == null ? 201 : 200, "{\"id\":" + known + "}");
    }

    private @Nullable Integer next(String what) {
        Queue<Integer> queue = statuses.get(what);
        return queue == null ? null : queue.poll();
    }

    /** Says how the next reviews of a run are answered, the next calls of a path, or for a {@code check run of} a commit. */
    public void answers(String what, Integer... answers) {
        statuses.computeIfAbsent(what, none -> new ConcurrentLinkedQueue<>()).addAll(List.of(answers));
    }

    /** Says which deliveries there were, the newest first. */
    public void delivered(ArrayNode list) {
        deliveries = list.toString();
    }

    /** It is later by so much. */
    public void later(Duration by) {
        later = by;
    }

    /** All tokens for a repository are void from now on. */
    public void revokeTokens(String repository) {
        tokens.values().removeIf(repository::equals);
    }

    /** Returns how many tokens were given. */
    public int tokens() {
        return issued.get();
    }

    /** Returns the reviews of a run, the first one first. */
    public List<Review> reviews(String run) {
        return reviews.stream().filter(one -> one.run().equals(run)).toList();
    }

    /** Returns the states of a run that were taken. */
    public List<String> states(String run) {
        return reviews(run).stream()
                .filter(one -> one.status() == 204 && one.body().has("state"))
                .map(one -> one.body().path("state").asText())
                .toList();
    }

    /** Returns the check runs of a commit, as they were written. */
    public List<Check> checks(String sha) {
        List<String> ids = checks.stream()
                .filter(one -> one.body().path("head_sha").asText().equals(sha))
                .map(Check::id)
                .toList();
        return checks.stream().filter(one -> ids.contains(one.id())).toList();
    }

    /** Returns the deliveries that were asked for again. */
    public List<String> redelivered() {
        return List.copyOf(redelivered);
    }
}
