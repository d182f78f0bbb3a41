package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.policy.PolicyReader;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Judges recorded decisions again, from what they were made of: by the policies of then, which must come out the same, or by
 * others, to see what these would have said. Nothing of it is logged, and nothing of it allows anything.
 */
final class ReplayHandler {
    private static final int OK = 200;
    private static final int MAX_BODY = 256 << 10;
    private static final int MOST_POLICIES = 20;

    private final DecisionLog log;
    private final GateJudge judge;
    private final Policies versions;
    private final PolicyReader reader;
    private final Executor answers;

    /**
     * Creates the handler.
     *
     * @param log has the decisions
     * @param judge judges
     * @param versions the policies that ever held
     * @param reader reads policies that a caller sends
     * @param answers runs what follows a look into the log
     */
    ReplayHandler(DecisionLog log, GateJudge judge, Policies versions, PolicyReader reader, Executor answers) {
        this.log = log;
        this.judge = judge;
        this.versions = versions;
        this.reader = reader;
        this.answers = answers;
    }

    /** Handles {@code POST /v1/decisions/{id}/replay}. */
    void replay(Context ctx) {
        answer(ctx, replay(Routes.principal(ctx).tenant(), ctx.pathParam("id")));
    }

    /** Judges a decision again by the policies of then. */
    CompletableFuture<Replay> replay(String tenant, String id) {
        return again(
                tenant,
                id,
                recorded -> recorded.policies().stream()
                        .map(policy -> version(tenant, policy.digest()))
                        .toList());
    }

    /**
     * Judges a decision by other policies.
     *
     * @param body which: see the API
     */
    CompletableFuture<Replay> whatIf(String tenant, String id, JsonNode body) {
        List<Policy> policies = policies(tenant, body);
        return again(tenant, id, recorded -> policies);
    }

    /** Handles {@code POST /v1/decisions/{id}/what-if}. */
    void whatIf(Context ctx) {
        answer(
                ctx,
                whatIf(
                        Routes.principal(ctx).tenant(),
                        ctx.pathParam("id"),
                        Requests.json(Requests.body(ctx, MAX_BODY))));
    }

    private static void answer(Context ctx, CompletableFuture<Replay> replay) {
        CompletableFuture<Void> answered = replay.thenAccept(done -> Requests.answer(ctx, OK, done));
        ctx.future(() -> answered);
    }

    private CompletableFuture<Replay> again(String tenant, String id, PoliciesOf policies) {
        return log.findRecorded(tenant, id)
                .thenApplyAsync(
                        found -> {
                            RecordedDecision recorded = found.orElseThrow(
                                    () -> new ApiException(ErrorType.NOT_FOUND, "there is no such decision"));
                            Snapshot snapshot = recorded.snapshot();
                            if (snapshot == null) {
                                throw new ApiException(
                                        ErrorType.CONFLICT,
                                        "nothing was judged for this decision, so there is nothing to judge again");
                            }
                            DecisionRecord decision = recorded.decision();
                            DecisionRecord replayed = judge.again(decision, snapshot, policies.of(decision));
                            return Replay.of(decision, replayed);
                        },
                        answers);
    }

    private Policy version(String tenant, String digest) {
        return versions.version(tenant, digest)
                .orElseThrow(() -> new ApiException(ErrorType.CONFLICT, "policy " + digest + " is not known here"));
    }

    /** Each is a digest of what ever held, or the text of a policy in YAML. */
    private List<Policy> policies(String tenant, JsonNode body) {
        JsonNode given = body.path("policies");
        if (!body.isObject()
                || body.size() != 1
                || !given.isArray()
                || given.isEmpty()
                || given.size() > MOST_POLICIES) {
            throw ApiException.invalidDocument(
                    "", "the body must be an object with a list policies of 1 to " + MOST_POLICIES + " elements");
        }
        var policies = new ArrayList<Policy>();
        var errors = new ArrayList<FieldError>();
        for (int i = 0; i < given.size(); i++) {
            policy(tenant, given.get(i), "/policies/" + i, errors).ifPresent(policies::add);
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
        return policies;
    }

    private Optional<Policy> policy(String tenant, JsonNode given, String pointer, List<FieldError> errors) {
        JsonNode digest = given.path("digest");
        JsonNode yaml = given.path("yaml");
        if (given.size() == 1 && digest.isTextual()) {
            Optional<Policy> found = versions.version(tenant, digest.textValue());
            if (found.isEmpty()) {
                errors.add(new FieldError(pointer + "/digest", "there is no such policy"));
            }
            return found;
        }
        if (given.size() == 1 && yaml.isTextual()) {
            var problems = new Problems();
            Optional<Policy> read = reader.read("policy", yaml.textValue(), problems);
            problems.all().forEach(problem -> errors.add(new FieldError(pointer + "/yaml", problem)));
            return read;
        }
        errors.add(new FieldError(pointer, "must be an object with either digest or yaml, a text"));
        return Optional.empty();
    }

    /** The policies to judge a decision by. */
    @FunctionalInterface
    private interface PoliciesOf {
        List<Policy> of(DecisionRecord recorded);
    }
}
