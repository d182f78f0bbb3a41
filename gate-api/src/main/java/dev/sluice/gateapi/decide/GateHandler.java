package dev.sluice.gateapi.decide;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Answers gates. No decision leaves before the log holds it; without the log there is no decision. */
public final class GateHandler {
    private static final int MAX_BODY = 64 << 10;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int FORBIDDEN = 403;
    private static final String RETRY_AFTER_SECONDS = "2";

    private final Views views;
    private final List<Policy> policies;
    private final DecisionLog log;
    private final Clock clock;
    private final MeterRegistry registry;
    private final GateEvaluator evaluator = new GateEvaluator();
    private final Map<String, CompletableFuture<DecisionRecord>> resolving = new ConcurrentHashMap<>();

    /**
     * Creates the handler.
     *
     * @param views what is known
     * @param policies what is required
     * @param log where decisions go
     * @param clock the moment of a decision
     * @param registry counts decisions
     */
    public GateHandler(Views views, List<Policy> policies, DecisionLog log, Clock clock, MeterRegistry registry) {
        this.views = views;
        this.policies = List.copyOf(policies);
        this.log = log;
        this.clock = clock;
        this.registry = registry;
    }

    /** Handles {@code POST /v1/gates/{gate}/evaluate}. */
    public void evaluate(Context ctx) {
        boolean statusOnly = failsWith403(ctx);
        if (!Requests.mediaType(ctx).equals("application/json")) {
            throw new ApiException(ErrorType.UNSUPPORTED_MEDIA_TYPE, "the content type must be application/json");
        }
        GateRequest request = GateRequest.read(ctx.pathParam("gate"), Requests.json(Requests.body(ctx, MAX_BODY)));
        Instant now = clock.instant();
        DecisionRecord decision = judge(DecisionIds.next(now), request, Routes.principal(ctx), now);
        CompletableFuture<Void> answered =
                record(decision).thenAccept(logged -> answer(ctx, logged.asOf(clock.instant()), statusOnly));
        ctx.future(() -> answered);
    }

    /** Handles {@code GET /v1/decisions/{id}}. */
    public void read(Context ctx) {
        boolean statusOnly = failsWith403(ctx);
        Principal principal = Routes.principal(ctx);
        CompletableFuture<Void> answered = log.find(principal.tenant(), ctx.pathParam("id"))
                .thenCompose(found -> {
                    DecisionRecord decision =
                            found.orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such decision"));
                    return decision.isPending()
                            ? resolve(decision, principal)
                            : CompletableFuture.completedFuture(decision);
                })
                .thenAccept(decision -> answer(ctx, WrittenDecision.of(decision.asOf(clock.instant())), statusOnly));
        ctx.future(() -> answered);
    }

    /** Judges a pending decision again; those who ask at the same time get the same answer. */
    private CompletableFuture<DecisionRecord> resolve(DecisionRecord pending, Principal principal) {
        CompletableFuture<DecisionRecord> resolved =
                resolving.computeIfAbsent(pending.id(), id -> again(pending, principal));
        return resolved.whenComplete((decision, failure) -> resolving.remove(pending.id(), resolved));
    }

    private CompletableFuture<DecisionRecord> again(DecisionRecord pending, Principal principal) {
        Optional<DecisionRecord> meanwhile = log.remembered(pending.id());
        if (meanwhile.isPresent()) {
            return CompletableFuture.completedFuture(meanwhile.get());
        }
        Instant now = clock.instant();
        if (!now.isBefore(pending.expiresAt())) {
            return record(pending.givenUp(now)).thenApply(WrittenDecision::decision);
        }
        DecisionRecord decision = judge(pending.id(), pending.request(), principal, now);
        return decision.isPending()
                ? CompletableFuture.completedFuture(decision.expiringAt(pending.expiresAt()))
                : record(decision).thenApply(WrittenDecision::decision);
    }

    private CompletableFuture<WrittenDecision> record(DecisionRecord decision) {
        return log.append(decision)
                .whenComplete((logged, failure) -> registry.counter(
                                "sluice.decisions", "outcome", failure == null ? decision.decision() : "not_logged")
                        .increment());
    }

    private DecisionRecord judge(String id, GateRequest request, Principal principal, Instant now) {
        Optional<Held<DoraRow>> row = views.dora(principal.tenant(), request.service(), request.environment());
        Optional<Held<CurrentRow>> current =
                views.current(principal.tenant(), request.service(), request.environment());
        var input = new EvaluationInput(
                request.gate(),
                request.service(),
                request.environment(),
                artifact(request),
                row.map(Held::row).orElse(null),
                current.map(Held::row).orElse(null),
                views.missing().isEmpty() ? views.age(row, now).orElse(null) : null);
        Decision decision = evaluator.evaluate(policies, input, now);
        return DecisionRecord.of(id, request, principal, decision, inputs(row, current));
    }

    private static EvaluationInput.Artifact artifact(GateRequest request) {
        GateRequest.Artifact artifact = request.artifact();
        return artifact == null
                ? EvaluationInput.Artifact.UNKNOWN
                : new EvaluationInput.Artifact(artifact.version(), artifact.digest(), artifact.commit());
    }

    private List<DecisionRecord.Input> inputs(Optional<Held<DoraRow>> row, Optional<Held<CurrentRow>> current) {
        var inputs = new ArrayList<DecisionRecord.Input>();
        row.ifPresent(held -> inputs.add(new DecisionRecord.Input(
                held.topic(),
                held.partition(),
                held.offset(),
                held.key(),
                held.row().asOfDay(),
                held.row().computedAt())));
        current.ifPresent(held -> inputs.add(new DecisionRecord.Input(
                held.topic(),
                held.partition(),
                held.offset(),
                held.key(),
                null,
                held.row().computedAt())));
        views.doraProgress()
                .forEach(held -> inputs.add(new DecisionRecord.Input(
                        held.topic(),
                        held.partition(),
                        held.offset(),
                        held.key(),
                        null,
                        held.row().at())));
        return inputs;
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
