package dev.sluice.gateapi.callers.argo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.callers.Answers;
import dev.sluice.gateapi.callers.RolloutRuns;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.canary.StandingRun;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Answers the {@code web} metric of Argo Rollouts. Whoever is let in is answered with 200 and a verdict, also where there is
 * none: of any other status Argo Rollouts keeps the number only, and a few of them abort the rollout.
 */
public final class ArgoHandler {
    private static final String JSON = "application/json";
    private static final int MAX_BYTES = 256 << 10;
    private static final int OK = 200;

    private final Canaries canaries;
    private final RolloutRuns runs;

    /**
     * Creates a handler.
     *
     * @param canaries all canary runs
     * @param runs those of rollouts
     */
    public ArgoHandler(Canaries canaries, RolloutRuns runs) {
        this.canaries = canaries;
        this.runs = runs;
    }

    /** Handles {@code GET /v1/argo-rollouts/verdict}: of a run, or of the newest one of a service's versions. */
    public void read(Context ctx) {
        answer(ctx, () -> CompletableFuture.completedFuture(verdict(ctx)));
    }

    /** Handles {@code POST /v1/argo-rollouts/verdict}: starts the run of a rollout if there is none, and tells how it stands. */
    public void start(Context ctx) {
        answer(ctx, () -> {
            ArgoRequest request = ArgoRequest.readStart(body(ctx));
            Principal principal = Routes.principal(ctx);
            canaries.requireRead();
            if (request.stage() > 1 && hasEnded(principal, request)) {
                return CompletableFuture.completedFuture(
                        ArgoVerdict.error("the canary run of this rollout has ended; another one begins with stage 1"));
            }
            return runs.start(principal, request.rollout(), request.start(), ArgoHandler::isOver)
                    .thenCompose(run -> canaries.reachStage(principal, run.id(), request.stage()))
                    .thenApply(ArgoVerdict::of);
        });
    }

    /** A measurement that is under way when the end is told must not begin what another try would take for its own run. */
    private boolean hasEnded(Principal principal, ArgoRequest request) {
        return runs.latest(principal.tenant(), request.rollout())
                .filter(StandingRun::isEnded)
                .isPresent();
    }

    /** Handles {@code POST /v1/argo-rollouts/end}: the rollout was completed, or aborted. */
    public void end(Context ctx) {
        answer(ctx, () -> {
            ArgoRequest request = ArgoRequest.readEnd(body(ctx));
            canaries.requireRead();
            return runs.end(Routes.principal(ctx), request.rollout())
                    .thenApply(run -> run.map(ArgoVerdict::of)
                            .orElseGet(() -> ArgoVerdict.error("there is no canary run of this rollout")));
        });
    }

    /** A failure is final. Any other last word is of the past: a rollout that still asks needs another run. */
    private static boolean isOver(StandingRun run) {
        return run.isEnded() || (run.isClosed() && run.state() != CanaryState.FAILED);
    }

    private ArgoVerdict verdict(Context ctx) {
        Optional<String> id = Requests.query(ctx, "run");
        String tenant = Routes.principal(ctx).tenant();
        if (id.isPresent()) {
            canaries.requireRead();
            return canaries.find(tenant, id.get())
                    .map(ArgoVerdict::of)
                    .orElseGet(() -> ArgoVerdict.error("there is no canary run " + id.get()));
        }
        var versions = new Canaries.Versions(
                Requests.requiredQuery(ctx, "service"),
                Requests.requiredQuery(ctx, "environment"),
                Requests.query(ctx, "baseline"),
                Requests.requiredQuery(ctx, "canary"));
        canaries.requireRead();
        List<StandingRun> found = canaries.of(tenant, versions).toList();
        return found.stream()
                .filter(run -> !isOver(run))
                .max(Comparator.comparing(StandingRun::startedAt).thenComparing(StandingRun::id))
                .map(ArgoVerdict::of)
                .orElseGet(() -> ArgoVerdict.error(
                        found.isEmpty()
                                ? "there is no canary run of these versions"
                                : "each canary run of these versions has ended"));
    }

    private static JsonNode body(Context ctx) {
        Requests.requireMediaType(ctx, JSON);
        return Requests.json(Requests.body(ctx, MAX_BYTES));
    }

    private static void answer(Context ctx, Supplier<CompletableFuture<ArgoVerdict>> work) {
        Answers.of(
                ctx,
                work,
                problem -> {
                    Answers.requireLetIn(problem);
                    return ArgoVerdict.error(problem.line());
                },
                (request, verdict) -> Requests.answer(request, OK, verdict));
    }
}
