package dev.sluice.gateapi.decide;

import dev.sluice.gateapi.decide.DecisionRecord.Asker;
import dev.sluice.gateapi.decide.GateJudge.Judged;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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
    private final MeterRegistry registry;
    private final Executor answers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, CompletableFuture<DecisionRecord>> resolving = new ConcurrentHashMap<>();

    /**
     * Creates the handler.
     *
     * @param judge judges
     * @param log where decisions go
     * @param clock the moment of a decision
     * @param registry counts decisions
     * @param answers judges again what is waited for
     */
    GateHandler(GateJudge judge, DecisionLog log, Clock clock, MeterRegistry registry, Executor answers) {
        this.judge = judge;
        this.log = log;
        this.clock = clock;
        this.registry = registry;
        this.answers = answers;
    }

    /** Handles {@code POST /v1/gates/{gate}/evaluate}. */
    void evaluate(Context ctx) {
        boolean statusOnly = failsWith403(ctx);
        Requests.requireMediaType(ctx, "application/json");
        GateRequest request = GateRequest.read(ctx.pathParam("gate"), Requests.json(Requests.body(ctx, MAX_BODY)));
        Routes.principal(ctx).requireReach(request.service(), request.environment());
        long deadlineNanos = System.nanoTime() + wait(ctx).toNanos();
        Instant now = clock.instant();
        Judged judged = judge.judge(TimedIds.next(now), request, Asker.of(Routes.principal(ctx)), now);
        CompletableFuture<Void> answered = counted(log.append(judged.decision(), judged.snapshot()))
                .thenCompose(logged -> awaited(logged, deadlineNanos))
                .thenAccept(logged -> answer(ctx, logged.asOf(clock.instant()), statusOnly));
        ctx.future(() -> answered);
    }

    /** Handles {@code GET /v1/decisions/{id}}. */
    void read(Context ctx) {
        boolean statusOnly = failsWith403(ctx);
        long deadlineNanos = System.nanoTime() + wait(ctx).toNanos();
        CompletableFuture<Void> answered = log.find(Routes.principal(ctx).tenant(), ctx.pathParam("id"))
                .thenCompose(found -> {
                    DecisionRecord decision =
                            found.orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such decision"));
                    return decision.isPending() ? resolve(decision) : CompletableFuture.completedFuture(decision);
                })
                .thenCompose(decision -> awaited(WrittenDecision.of(decision), deadlineNanos))
                .thenAccept(written -> answer(ctx, written.asOf(clock.instant()), statusOnly));
        ctx.future(() -> answered);
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
                .thenCompose(paused -> resolve(written.decision()))
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

    /** Judges a pending decision again; those who ask at the same time get the same answer. */
    private CompletableFuture<DecisionRecord> resolve(DecisionRecord pending) {
        CompletableFuture<DecisionRecord> resolved = resolving.computeIfAbsent(pending.id(), id -> again(pending));
        return resolved.whenComplete((decision, failure) -> resolving.remove(pending.id(), resolved));
    }

    private CompletableFuture<DecisionRecord> again(DecisionRecord pending) {
        Optional<DecisionRecord> meanwhile = log.remembered(pending.id());
        if (meanwhile.isPresent()) {
            return CompletableFuture.completedFuture(meanwhile.get());
        }
        Instant now = clock.instant();
        if (!now.isBefore(pending.expiresAt())) {
            return counted(log.resolve(pending.givenUp(now), null)).thenApply(WrittenDecision::decision);
        }
        Judged judged = judge.judge(pending.id(), pending.request(), pending.asker(), now);
        DecisionRecord decision = judged.decision();
        return decision.isPending()
                ? CompletableFuture.completedFuture(decision.expiringAt(pending.expiresAt()))
                : counted(log.resolve(decision, judged.snapshot())).thenApply(WrittenDecision::decision);
    }

    private CompletableFuture<WrittenDecision> counted(CompletableFuture<WrittenDecision> logged) {
        return logged.whenComplete((written, failure) -> registry.counter(
                        "sluice.decisions",
                        "outcome",
                        failure == null ? written.decision().decision() : "not_logged")
                .increment());
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
