package dev.sluice.gateapi.callers.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.access.Access;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.callers.Answers;
import dev.sluice.gateapi.callers.Rollout;
import dev.sluice.gateapi.callers.RolloutRuns;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.canary.StandingRun;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Answers Flagger's webhooks. The checksum of a canary's revision tells which run is meant: the hook {@code pre-rollout} starts
 * it, each step of the weight is a stage of it, {@code post-rollout} ends it. Whatever cannot be answered is a no, with a text: also
 * that the runs are not known yet, or the log is away, which other callers are told by a 5xx.
 */
public final class FlaggerHandler {
    private static final String JSON = "application/json";
    private static final int MAX_BYTES = 256 << 10;
    private static final int SERVER_ERROR = 500;
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final Access access;
    private final Canaries canaries;
    private final RolloutRuns runs;

    /**
     * Creates a handler.
     *
     * @param access knows the tokens that the hooks' metadata have
     * @param canaries all canary runs
     * @param runs those of rollouts
     */
    public FlaggerHandler(Access access, Canaries canaries, RolloutRuns runs) {
        this.access = access;
        this.canaries = canaries;
        this.runs = runs;
    }

    /** Handles {@code POST /v1/flagger/{hook}}. */
    public void receive(Context ctx) {
        Answers.of(ctx, () -> answer(ctx), FlaggerHandler::no, FlaggerHandler::write);
    }

    private static void write(Context ctx, FlaggerAnswer answer) {
        ctx.status(answer.status())
                .contentType("text/plain; charset=utf-8")
                .result(answer.text().getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<FlaggerAnswer> answer(Context ctx) {
        Requests.requireMediaType(ctx, JSON);
        JsonNode body = Requests.json(Requests.body(ctx, MAX_BYTES));
        Principal principal = access.authorise(ctx.req(), FlaggerPayload.token(body), Verb.EVALUATE);
        FlaggerHook hook = FlaggerHook.of(ctx.pathParam("hook"))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "Flagger has no hook of this type"));
        if (hook == FlaggerHook.EVENT) {
            return CompletableFuture.completedFuture(hook.answer(Optional.empty()));
        }
        FlaggerPayload payload = FlaggerPayload.read(body);
        canaries.requireRead();
        return switch (hook) {
            case CONFIRM_ROLLOUT -> canBeJudged(principal, payload);
            case PRE_ROLLOUT -> started(principal, payload);
            case CONFIRM_TRAFFIC_INCREASE -> stepped(principal, payload.rollout());
            case POST_ROLLOUT -> ended(principal, payload);
            case ROLLOUT, CONFIRM_PROMOTION, ROLLBACK ->
                CompletableFuture.completedFuture(hook.answer(runs.latest(principal.tenant(), payload.rollout())));
            case EVENT -> throw new AssertionError(hook);
        };
    }

    private CompletableFuture<FlaggerAnswer> canBeJudged(Principal principal, FlaggerPayload payload) {
        if (payload.hasConfig()) {
            canaries.check(principal, payload.start());
        }
        return CompletableFuture.completedFuture(FlaggerHook.CONFIRM_ROLLOUT.answer(Optional.empty()));
    }

    /**
     * Flagger asks this before there is any traffic. A run that has had some, or waited for it in vain, is of an analysis that was
     * given up, unless it failed: the way out of that is the rollback.
     */
    private CompletableFuture<FlaggerAnswer> started(Principal principal, FlaggerPayload payload) {
        Rollout rollout = payload.rollout();
        return runs.start(principal, rollout, payload.start(), FlaggerHandler::isGivenUp)
                .thenCompose(run -> runs.endOthers(principal, rollout, run.id()).thenApply(ended -> run))
                .thenApply(run -> FlaggerHook.PRE_ROLLOUT.answer(Optional.of(run)));
    }

    private static boolean isGivenUp(StandingRun run) {
        return run.state() != CanaryState.FAILED
                && (!FlaggerHook.isFirstStep(run)
                        || run.isClosed()
                        || run.state() == CanaryState.INCONCLUSIVE
                        || run.state() == CanaryState.ERROR);
    }

    /**
     * A yes is followed by more traffic: the next stage of the run. It is a yes only if it has begun that stage: this replica may
     * not have read yet that a step was answered by another one, and would take the proof of the traffic before for that of now.
     */
    private CompletableFuture<FlaggerAnswer> stepped(Principal principal, Rollout rollout) {
        Optional<StandingRun> run = runs.latest(principal.tenant(), rollout);
        FlaggerAnswer answer = FlaggerHook.CONFIRM_TRAFFIC_INCREASE.answer(run);
        if (run.isEmpty() || !answer.isYes() || run.get().stages() >= Canaries.MAX_STAGES) {
            return CompletableFuture.completedFuture(answer);
        }
        return canaries.beginStage(principal, run.get().id(), run.get().stages())
                .thenCompose(begun -> begun ? CompletableFuture.completedFuture(answer) : stepped(principal, rollout));
    }

    private CompletableFuture<FlaggerAnswer> ended(Principal principal, FlaggerPayload payload) {
        if (!ENDED.contains(payload.phase())) {
            throw ApiException.invalidDocument(
                    "/phase", "a rollout has ended in one of the phases Succeeded and Failed: this is no post-rollout");
        }
        return runs.end(principal, payload.rollout()).thenApply(FlaggerHook.POST_ROLLOUT::answer);
    }

    private static FlaggerAnswer no(ApiException problem) {
        int status = problem.type().status();
        return status >= SERVER_ERROR
                ? FlaggerAnswer.impossible(problem.line())
                : new FlaggerAnswer(status, problem.line());
    }
}
