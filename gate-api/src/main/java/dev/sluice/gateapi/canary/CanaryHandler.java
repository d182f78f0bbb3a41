package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Starts canary runs, shows how they stand, and takes further stages and the end. A change is answered when this replica has
 * read it back from the log; the others follow. Each tenant sees its own runs only.
 */
public final class CanaryHandler {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int MAX_START_BYTES = 256 << 10;
    private static final int MAX_CHANGE_BYTES = 4 << 10;
    private static final int MAX_LISTED = 200;
    private static final Duration MAX_WAIT = Duration.ofSeconds(9);
    private static final Comparator<Run> NEWEST_FIRST = Comparator.comparing(
                    (Run run) -> run.document().startedAt())
            .reversed()
            .thenComparing(Run::id);

    private final CanaryRuns runs;
    private final Canaries canaries;
    private final Views views;
    private final Executor answers;

    /**
     * Creates a handler.
     *
     * @param runs what there is
     * @param canaries changes it, and tells how it stands
     * @param views tells when there is another verdict
     * @param answers runs what follows a verdict
     */
    public CanaryHandler(CanaryRuns runs, Canaries canaries, Views views, Executor answers) {
        this.runs = runs;
        this.canaries = canaries;
        this.views = views;
        this.answers = answers;
    }

    /** Handles {@code POST /v1/canaries}. The same request again is answered with the run as it stands. */
    public void start(Context ctx) {
        runs.requireRead();
        Principal principal = Routes.principal(ctx);
        StartRequest request = canaries.read(principal.tenant(), Requests.document(ctx, MAX_START_BYTES));
        String id = Optional.ofNullable(request.id())
                .orElseGet(() -> UUID.randomUUID().toString());
        CompletableFuture<Void> done = canaries.start(principal, id, request).thenAccept(started -> {
            if (started.isNew()) {
                ctx.header("Location", "/v1/canaries/" + id);
            }
            answer(ctx, started.isNew() ? CREATED : OK, started.run());
        });
        ctx.future(() -> done);
    }

    /** Handles {@code GET /v1/canaries/{id}}. */
    public void read(Context ctx) {
        Duration wait = Requests.query(ctx, "wait")
                .map(text -> Durations.parse(text)
                        .filter(given -> given.compareTo(MAX_WAIT) <= 0)
                        .orElseThrow(() -> new ApiException(
                                ErrorType.BAD_REQUEST, "query parameter wait must be a duration of at most 9s")))
                .orElse(Duration.ZERO);
        runs.requireRead();
        Run run = runs.own(Routes.principal(ctx).tenant(), ctx.pathParam("id"));
        long deadlineNanos = System.nanoTime() + wait.toNanos();
        CompletableFuture<Void> done =
                decided(run, deadlineNanos).thenRun(() -> answer(ctx, OK, runs.own(run.tenant(), run.id())));
        ctx.future(() -> done);
    }

    /** Returns when a run is decided, or the time is over; no thread waits meanwhile. */
    private CompletableFuture<Void> decided(Run run, long deadlineNanos) {
        // before the look: what is read after it is not missed
        CompletableFuture<Void> next = views.nextVerdict(run.tenant(), run.id());
        long nanos = deadlineNanos - System.nanoTime();
        if (nanos <= 0 || ShownRun.isDecided(canaries.standing(run))) {
            next.cancel(false);
            return CompletableFuture.completedFuture(null);
        }
        return next.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS)
                .thenComposeAsync(told -> decided(run, deadlineNanos), answers);
    }

    /** Handles {@code GET /v1/canaries}. */
    public void list(Context ctx) {
        runs.requireRead();
        Optional<String> service = Requests.query(ctx, "service");
        Optional<String> environment = Requests.query(ctx, "environment");
        List<ObjectNode> listed = runs.of(Routes.principal(ctx).tenant())
                .filter(run ->
                        service.isEmpty() || service.get().equals(run.document().service()))
                .filter(run -> environment.isEmpty()
                        || environment.get().equals(run.document().environment()))
                .sorted(NEWEST_FIRST)
                .limit(MAX_LISTED)
                .map(run -> ShownRun.brief(run, canaries.standing(run)))
                .toList();
        Requests.answer(ctx, OK, new Listed(listed));
    }

    /** Handles {@code POST /v1/canaries/{id}/stages}. The same stage again changes nothing. */
    public void stage(Context ctx) {
        change(ctx, canaries::stage);
    }

    /** Handles {@code POST /v1/canaries/{id}/end}. The end of a run that has ended changes nothing. */
    public void end(Context ctx) {
        change(ctx, canaries::end);
    }

    private void change(Context ctx, Change change) {
        runs.requireRead();
        Principal principal = Routes.principal(ctx);
        Optional<Instant> at = Bodies.at(Requests.document(ctx, MAX_CHANGE_BYTES));
        CompletableFuture<Void> done =
                change.of(principal, ctx.pathParam("id"), at).thenAccept(run -> answer(ctx, OK, run));
        ctx.future(() -> done);
    }

    private void answer(Context ctx, int status, Run run) {
        Requests.answer(ctx, status, ShownRun.whole(run, canaries.standing(run)));
    }

    /** Changes a run. */
    private interface Change {
        CompletableFuture<Run> of(Principal who, String id, Optional<Instant> at);
    }

    /** Runs of a tenant, the newest first. */
    record Listed(List<ObjectNode> canaries) {}
}
