package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.decide.DecisionRecord.Asker;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers gates. No decision leaves before the log holds it; without the log there is no decision. */
final class GateHandler {
    private static final int MAX_BODY = 64 << 10;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int FORBIDDEN = 403;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(9);
    /** Each is judged twice a second. */
    private static final int MOST_WAITING = 500;

    private static final Duration JUDGED_EVERY = Duration.ofMillis(500);
    private static final String RETRY_AFTER_SECONDS = "2";

    private final GateJudge judge;
    private final DecisionLog log;
    private final Clock clock;
    private final PendingDecisions pending;
    private final Callbacks callbacks;
    private final Executor answers;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Creates the handler.
     *
     * @param judge judges
     * @param log where decisions go
     * @param clock the moment of a decision
     * @param pending judges pending decisions again
     * @param callbacks tells who asks for it what has become of one
     * @param answers judges again what is waited for
     */
    GateHandler(
            GateJudge judge,
            DecisionLog log,
            Clock clock,
            PendingDecisions pending,
            Callbacks callbacks,
            Executor answers) {
        this.judge = judge;
        this.log = log;
        this.clock = clock;
        this.pending = pending;
        this.callbacks = callbacks;
        this.answers = answers;
    }

    /** Handles {@code POST /v1/gates/{gate}/evaluate}. */
    void evaluate(Context ctx) {
        boolean statusOnly = failsWith403(ctx);
        Requests.requireMediaType(ctx, "application/json");
        JsonNode body = Requests.json(Requests.body(ctx, MAX_BODY));
        GateRequest request = GateRequest.read(ctx.pathParam("gate"), body);
        @Nullable String callback = body.path(GateRequest.CALLBACK).textValue();
        Principal principal = Routes.principal(ctx);
        principal.requireReach(request.service(), request.environment());
        if (callback != null) {
            callbacks.requireEndpoint(principal, callback);
        }
        long deadlineNanos = System.nanoTime() + wait(ctx).toNanos();
        CompletableFuture<Void> answered = judge.judge(
                        TimedIds.next(clock.instant()), request, Asker.of(principal), clock)
                .thenCompose(judged -> pending.counted(log.append(judged.decision(), judged.snapshot())))
                .thenCompose(logged -> toBeTold(logged, principal, callback))
                .thenCompose(logged -> awaited(logged, deadlineNanos))
                .thenAccept(logged -> answer(ctx, logged.asOf(clock.instant()), statusOnly));
        ctx.future(() -> answered);
    }

    private CompletableFuture<WrittenDecision> toBeTold(
            WrittenDecision logged, Principal principal, @Nullable String callback) {
        return callback == null || !logged.decision().isPending()
                ? CompletableFuture.completedFuture(logged)
                : callbacks.ask(principal, callback, logged.decision()).thenApply(asked -> logged);
    }

    /** Handles {@code GET /v1/decisions/{id}}. */
    void read(Context ctx) {
        boolean statusOnly = failsWith403(ctx);
        long deadlineNanos = System.nanoTime() + wait(ctx).toNanos();
        CompletableFuture<Void> answered = newest(Routes.principal(ctx).tenant(), ctx.pathParam("id"))
                .thenCompose(decision -> awaited(WrittenDecision.of(decision), deadlineNanos))
                .thenAccept(written -> answer(ctx, written.asOf(clock.instant()), statusOnly));
        ctx.future(() -> answered);
    }

    /** Returns a decision as it is now. */
    CompletableFuture<DecisionRecord> newest(String tenant, String id) {
        return log.find(tenant, id).thenCompose(found -> {
            DecisionRecord decision =
                    found.orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such decision"));
            return decision.isPending() ? pending.resolve(decision) : CompletableFuture.completedFuture(decision);
        });
    }

    /** Returns a decision when it is final, or the time is over; no thread waits meanwhile. Where too many wait it is answered as it is. */
    private CompletableFuture<WrittenDecision> awaited(WrittenDecision written, long deadlineNanos) {
        long leftNanos = deadlineNanos - System.nanoTime();
        if (!written.decision().isPending() || leftNanos <= 0) {
            return CompletableFuture.completedFuture(written);
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.completedFuture(written);
        }
        var later = CompletableFuture.delayedExecutor(
                Math.min(leftNanos, JUDGED_EVERY.toNanos()), TimeUnit.NANOSECONDS, answers);
        return CompletableFuture.runAsync(() -> {}, later)
                .whenComplete((paused, failure) -> waiting.decrementAndGet())
                .thenCompose(paused -> pending.resolve(written.decision()))
                .thenCompose(decision -> awaited(WrittenDecision.of(decision), deadlineNanos));
    }

    private static Duration wait(Context ctx) {
        return Requests.query(ctx, "wait")
                .map(text -> Durations.parse(text)
                        .filter(duration -> duration.compareTo(LONGEST_WAIT) <= 0)
                        .orElseThrow(() -> new ApiException(
                                ErrorType.BAD_REQUEST, "query parameter wait must be a duration of at most 9s")))
                .orElse(Duration.ZERO);
    }

    private static void answer(Context ctx, WrittenDecision written, boolean statusOnly) {
        DecisionRecord shown = written.decision();
        if (shown.isPending()) {
            ctx.header("Location", "/v1/decisions/" + shown.id());
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        int status = shown.isPending() ? ACCEPTED : OK;
        Requests.answerJson(ctx, statusOnly && !shown.allowed() ? FORBIDDEN : status, written.json());
    }

    /** For callers that see the status only: then whatever is not allowed is 403, also what is pending. */
    private static boolean failsWith403(Context ctx) {
        Optional<String> wanted = Requests.query(ctx, "fail_with");
        if (wanted.isPresent() && !wanted.get().equals(Integer.toString(FORBIDDEN))) {
            throw new ApiException(ErrorType.BAD_REQUEST, "fail_with can be 403 only");
        }
        return wanted.isPresent();
    }
}
