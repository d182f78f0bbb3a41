package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySchemas;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    /** How long ago a change may have been when it is told: less than points are waited for. */
    private static final Duration BACKDATED = Duration.ofSeconds(15);

    private static final int MAX_LISTED = 200;
    private static final int MAX_STAGES = 100;
    private static final Duration MAX_WAIT = Duration.ofSeconds(9);
    private static final Comparator<Run> NEWEST_FIRST = Comparator.comparing(
                    (Run run) -> run.document().startedAt())
            .reversed()
            .thenComparing(Run::id);

    private final CanaryRuns runs;
    private final RunLog log;
    private final Views views;
    private final CanarySchemas schemas;
    private final CanaryConfigs configs;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates a handler.
     *
     * @param runs what there is
     * @param log changes it
     * @param views knows how runs stand
     * @param schemas tells which starts are valid
     * @param configs tells which configs are
     * @param answers runs what follows a change or a verdict
     * @param clock tells when a run starts where nobody says it
     */
    public CanaryHandler(
            CanaryRuns runs,
            RunLog log,
            Views views,
            CanarySchemas schemas,
            CanaryConfigs configs,
            Executor answers,
            Clock clock) {
        this.runs = runs;
        this.log = log;
        this.views = views;
        this.schemas = schemas;
        this.configs = configs;
        this.answers = answers;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/canaries}. The same request again is answered with the run as it stands. */
    public void start(Context ctx) {
        runs.requireRead();
        Principal principal = Routes.principal(ctx);
        JsonNode body = Bodies.read(ctx, MAX_START_BYTES);
        Instant now = now();
        StartRequest request = StartRequest.read(body, schemas, configs, now);
        String id = Optional.ofNullable(request.id())
                .orElseGet(() -> UUID.randomUUID().toString());
        CompletableFuture<Void> done = log.change(principal, id, present -> {
                    if (present.isEmpty()) {
                        return Optional.of(request.document(now));
                    }
                    requireStarted(request, present.get());
                    return Optional.empty();
                })
                .thenAcceptAsync(
                        isNew -> {
                            Run run = runs.own(principal.tenant(), id);
                            requireStarted(request, run);
                            if (isNew) {
                                ctx.header("Location", "/v1/canaries/" + id);
                            }
                            answer(ctx, isNew ? CREATED : OK, run);
                        },
                        answers);
        ctx.future(() -> done);
    }

    private static void requireStarted(StartRequest request, Run run) {
        if (!request.hasStarted(run.document())) {
            throw new ApiException(ErrorType.CONFLICT, "there is another canary run of this id");
        }
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
        if (nanos <= 0 || ShownRun.isDecided(standing(run))) {
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
                .map(run -> ShownRun.brief(run, standing(run)))
                .toList();
        Requests.answer(ctx, OK, new Listed(listed));
    }

    /** Handles {@code POST /v1/canaries/{id}/stages}. The same stage again changes nothing. */
    public void stage(Context ctx) {
        change(ctx, (run, at) -> {
            if (run.isEnded()) {
                throw new ApiException(ErrorType.CONFLICT, "the canary run has ended");
            }
            if (!run.stages().isEmpty() && at.equals(Optional.of(latest(run)))) {
                return Optional.empty();
            }
            if (run.stages().size() >= MAX_STAGES) {
                throw new ApiException(ErrorType.CONFLICT, "the canary run has " + MAX_STAGES + " stages already");
            }
            return Optional.of(run.withStage(moment(run, at)));
        });
    }

    /** Handles {@code POST /v1/canaries/{id}/end}. The end of a run that has ended changes nothing. */
    public void end(Context ctx) {
        change(ctx, (run, at) -> run.isEnded() ? Optional.empty() : Optional.of(run.endedAt(moment(run, at))));
    }

    private void change(Context ctx, Change change) {
        runs.requireRead();
        Principal principal = Routes.principal(ctx);
        String id = ctx.pathParam("id");
        Optional<Instant> at = Bodies.at(Bodies.read(ctx, MAX_CHANGE_BYTES));
        CompletableFuture<Void> done = log.change(
                        principal,
                        id,
                        present -> change.of(
                                present.orElseThrow(CanaryRuns::notFound).document(), at))
                .thenRunAsync(() -> answer(ctx, OK, runs.own(principal.tenant(), id)), answers);
        ctx.future(() -> done);
    }

    /** Returns when a change of a run is: as the caller says, or now, but not before what is known already. */
    private Instant moment(CanaryRunDocument run, Optional<Instant> given) {
        Instant latest = latest(run);
        Instant now = now();
        if (given.isEmpty()) {
            return now.isBefore(latest) ? latest : now;
        }
        if (given.get().isBefore(latest)) {
            throw ApiException.invalidDocument("/at", "at must not be before the start or the last stage, " + latest);
        }
        if (given.get().isAfter(now.plus(Bodies.AHEAD))) {
            throw ApiException.invalidDocument("/at", "at must not be in the future");
        }
        if (given.get().isBefore(now.minus(BACKDATED))) {
            throw ApiException.invalidDocument(
                    "/at",
                    "at must not be more than " + BACKDATED.toSeconds() + " s ago: what was before may be judged");
        }
        return given.get();
    }

    private static Instant latest(CanaryRunDocument run) {
        List<Instant> stages = run.stages();
        return stages.isEmpty() ? run.startedAt() : stages.get(stages.size() - 1);
    }

    private void answer(Context ctx, int status, Run run) {
        Requests.answer(ctx, status, ShownRun.whole(run, standing(run)));
    }

    private Optional<CanaryStanding> standing(Run run) {
        return views.verdict(run.tenant(), run.id()).map(said -> BelievedStanding.of(run, said, clock.instant()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What a request changes of a run. */
    private interface Change {
        /** Returns the run as it is to be; nothing if it is so already. */
        Optional<CanaryRunDocument> of(CanaryRunDocument run, Optional<Instant> at);
    }

    /** Runs of a tenant, the newest first. */
    record Listed(List<ObjectNode> canaries) {}
}
