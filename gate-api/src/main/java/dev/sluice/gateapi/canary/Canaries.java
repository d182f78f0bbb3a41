package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.dora.CurrentRow;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySchemas;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is done with canary runs, whatever the protocol of the caller: start, look, say that a stage has begun, end. A change is
 * done when this replica has read it back from the log.
 */
public final class Canaries {
    /** The most stages that a run may have. */
    public static final int MAX_STAGES = 100;

    /** How long ago a change may have been when it is told: less than points are waited for. */
    private static final Duration BACKDATED = Duration.ofSeconds(15);

    private final CanaryRuns runs;
    private final RunLog log;
    private final Views views;
    private final CanarySchemas schemas;
    private final CanaryConfigs configs;
    private final NamedConfigs named;
    private final PullSources sources;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates them.
     *
     * @param runs what there is
     * @param log changes it
     * @param views knows how runs stand
     * @param schemas tells which starts are valid
     * @param configs tells which configs are
     * @param named those that have names
     * @param sources tells where a run may be pulled from
     * @param answers runs what follows a change
     * @param clock tells when a run starts where nobody says it, and whether a verdict is of the present
     */
    public Canaries(
            CanaryRuns runs,
            RunLog log,
            Views views,
            CanarySchemas schemas,
            CanaryConfigs configs,
            NamedConfigs named,
            PullSources sources,
            Executor answers,
            Clock clock) {
        this.runs = runs;
        this.log = log;
        this.views = views;
        this.schemas = schemas;
        this.configs = configs;
        this.named = named;
        this.sources = sources;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * Returns normally if this replica knows all runs and how they stand.
     *
     * @throws ApiException 503 if it has not read them all yet
     */
    public void requireRead() {
        runs.requireRead();
    }

    /** Returns a run as it stands; nothing if the tenant has none of this id. */
    public Optional<StandingRun> find(String tenant, String id) {
        return runs.find(tenant, id).map(this::standingRun);
    }

    /** Returns the runs of a tenant with such ids as they stand, in no order. */
    public Stream<StandingRun> withIds(String tenant, Predicate<String> ids) {
        return runs.withIds(tenant, ids).map(this::standingRun);
    }

    /** Returns the runs of a tenant of this canary as they stand, in no order. */
    public Stream<StandingRun> of(String tenant, Versions versions) {
        return runs.of(tenant).filter(run -> versions.areOf(run.document())).map(this::standingRun);
    }

    /**
     * Which canaries are meant.
     *
     * @param service the service
     * @param environment where
     * @param baseline the version in place; empty for any
     * @param canary the new version
     */
    public record Versions(String service, String environment, Optional<String> baseline, String canary) {
        private boolean areOf(CanaryRunDocument run) {
            return run.service().equals(service)
                    && run.environment().equals(environment)
                    && canary.equals(run.canary())
                    && (baseline.isEmpty() || baseline.get().equals(run.baseline()));
        }
    }

    /**
     * Returns normally if a run could be started so.
     *
     * @param who would start it
     * @param start the body of a start
     * @throws ApiException 400 if not, 403 if they do not reach it
     */
    public void check(Principal who, JsonNode start) {
        StartRequest request = read(who.tenant(), start);
        who.requireReach(request.service(), request.environment());
        sources.require(who.tenant(), request.config());
    }

    /**
     * Starts a run, if it does not run already.
     *
     * @param who starts it, of its tenant
     * @param start the body of a start, with an id
     * @return the run as it stands
     * @throws ApiException 400 if the body is wrong, 409 if there is another run of the id
     */
    public CompletableFuture<StandingRun> start(Principal who, JsonNode start) {
        String id = Optional.ofNullable(start.path("id").textValue()).orElse("");
        Optional<Run> known = runs.find(who.tenant(), id);
        if (known.isPresent() && StartRequest.names(start, known.get().document())) {
            requireReach(who, known.get());
            // the config of this name may be another one by now, or gone
            return CompletableFuture.completedFuture(standingRun(known.get()));
        }
        StartRequest request = read(who.tenant(), start);
        who.requireReach(request.service(), request.environment());
        if (known.isPresent()) {
            requireStarted(request, known.get());
            return CompletableFuture.completedFuture(standingRun(known.get()));
        }
        return start(who, id, request).thenApply(started -> standingRun(started.run()));
    }

    /**
     * Says that a run has come to a stage; nothing if it has been there before.
     *
     * @param who says it
     * @param id the run
     * @param number the stage, from 1, which begins with the run, to {@value #MAX_STAGES}. Those that were left out begin, and
     *     are over, at the same moment
     * @return the run as it stands
     */
    public CompletableFuture<StandingRun> reachStage(Principal who, String id, int number) {
        if (number < 1 || number > MAX_STAGES) {
            throw new IllegalArgumentException("stage must be from 1 to " + MAX_STAGES + ", is " + number);
        }
        Optional<Run> known = runs.find(who.tenant(), id);
        if (known.isPresent() && hasReached(known.get().document(), number)) {
            requireReach(who, known.get());
            return CompletableFuture.completedFuture(standingRun(known.get()));
        }
        return change(who, id, run -> {
                    if (hasReached(run, number)) {
                        return Optional.empty();
                    }
                    Instant begin = moment(run, Optional.empty());
                    CanaryRunDocument reached = run;
                    while (!hasReached(reached, number)) {
                        reached = reached.withStage(begin);
                    }
                    return Optional.of(reached);
                })
                .thenApply(this::standingRun);
    }

    private static boolean hasReached(CanaryRunDocument run, int number) {
        return run.isEnded() || run.stages().size() + 1 >= number;
    }

    /**
     * Begins the next stage of a run, if it has as many as the caller believes: of two that believe the same one succeeds.
     *
     * @param who says it
     * @param id the run
     * @param stages how many further stages have begun, to below {@value #MAX_STAGES}
     * @return whether it has begun; if not, this replica knows by then what holds
     */
    public CompletableFuture<Boolean> beginStage(Principal who, String id, int stages) {
        return log.change(who, id, present -> {
            CanaryRunDocument run = reached(who, present);
            boolean isAsBelieved = !run.isEnded() && run.stages().size() == stages;
            return isAsBelieved ? Optional.of(run.withStage(moment(run, Optional.empty()))) : Optional.empty();
        });
    }

    /** Says that the rollout of a run has ended; nothing if it was said before. */
    public CompletableFuture<StandingRun> end(Principal who, String id) {
        Optional<Run> known = runs.find(who.tenant(), id);
        if (known.isPresent() && known.get().document().isEnded()) {
            requireReach(who, known.get());
            return CompletableFuture.completedFuture(standingRun(known.get()));
        }
        return end(who, id, Optional.empty()).thenApply(this::standingRun);
    }

    StartRequest read(String tenant, JsonNode start) {
        return StartRequest.read(start, schemas, configs, name -> named.config(tenant, name), now());
    }

    CompletableFuture<Started> start(Principal who, String id, StartRequest request) {
        who.requireReach(request.service(), request.environment());
        if (runs.find(who.tenant(), id).isEmpty()) {
            // a run that there is goes on whatever becomes of its source, and its start may be said again
            sources.require(who.tenant(), request.config());
        }
        Instant now = now();
        return log.change(who, id, present -> {
                    if (present.isEmpty()) {
                        return Optional.of(request.document(now));
                    }
                    requireStarted(request, present.get());
                    return Optional.empty();
                })
                .thenApplyAsync(
                        isNew -> {
                            Run run = runs.own(who.tenant(), id);
                            requireStarted(request, run);
                            return new Started(run, isNew);
                        },
                        answers);
    }

    /**
     * A run that a request has started.
     *
     * @param run the run
     * @param isNew whether this request has, and not the same before it
     */
    record Started(Run run, boolean isNew) {}

    private static void requireStarted(StartRequest request, Run run) {
        if (!request.hasStarted(run.document())) {
            throw new ApiException(ErrorType.CONFLICT, "there is another canary run of this id");
        }
    }

    CompletableFuture<Run> stage(Principal who, String id, Optional<Instant> at) {
        return change(who, id, run -> {
            if (run.isEnded()) {
                throw new ApiException(ErrorType.CONFLICT, "the canary run has ended");
            }
            if (!run.stages().isEmpty() && at.equals(Optional.of(run.lastChange()))) {
                return Optional.empty();
            }
            if (run.stages().size() >= MAX_STAGES) {
                throw new ApiException(ErrorType.CONFLICT, "the canary run has " + MAX_STAGES + " stages already");
            }
            return Optional.of(run.withStage(moment(run, at)));
        });
    }

    CompletableFuture<Run> end(Principal who, String id, Optional<Instant> at) {
        return change(who, id, run -> run.isEnded() ? Optional.empty() : Optional.of(run.endedAt(moment(run, at))));
    }

    /**
     * Says what a deployment says of a run; nothing if it is so already. What was long ago is said to be when it became known, since
     * buckets of then may be judged; each replica says the same.
     */
    CompletableFuture<Run> follow(Principal who, String id, CurrentRow current) {
        return change(who, id, run -> {
            Instant now = now();
            Instant latest = now.minus(BACKDATED);
            return FollowedDeployment.of(run, current, now).map(deployment -> {
                Instant known = current.computedAt().truncatedTo(ChronoUnit.MILLIS);
                boolean wasKnownOfLate =
                        known.isAfter(latest) && !known.isAfter(now) && !known.isBefore(run.lastChange());
                Instant otherwise = wasKnownOfLate ? known : moment(run, Optional.empty());
                return deployment.on(run, deployment.at().isAfter(latest) ? deployment.at() : otherwise);
            });
        });
    }

    /** Returns how a run stands, as far as that may be believed; nothing if nothing was said of it yet. */
    Optional<CanaryStanding> standing(Run run) {
        return standing(run, clock.instant());
    }

    private Optional<CanaryStanding> standing(Run run, Instant now) {
        Optional<CanaryStanding> believed =
                views.verdict(run.tenant(), run.id()).map(said -> BelievedStanding.of(run, said, readTo(), now));
        if (!EndingRun.isOne(run, believed, now)) {
            return believed;
        }
        CanaryConfigs.Result read = configs.read(run.document().config(), List.of());
        CanaryConfig config = read.config();
        return config == null
                ? believed
                : Optional.of(EndingRun.standing(
                        run, believed, config, CanarySelection.clock(read.selection(), config.bucket())));
    }

    /** What this replica has not read for a while may be other than it believes: a stage that another one began. */
    private Instant readTo() {
        Instant control = views.readTo(Topic.CONTROL).orElse(Instant.EPOCH);
        Instant verdicts = views.readTo(Topic.VERDICTS).orElse(Instant.EPOCH);
        return control.isBefore(verdicts) ? control : verdicts;
    }

    private StandingRun standingRun(Run run) {
        Instant now = clock.instant();
        return StandingRun.of(run, standing(run, now), now);
    }

    private CompletableFuture<Run> change(Principal who, String id, Change change) {
        return log.change(who, id, present -> change.of(reached(who, present)))
                .thenApplyAsync(changed -> runs.own(who.tenant(), id), answers);
    }

    private static CanaryRunDocument reached(Principal who, Optional<Run> present) {
        Run run = present.orElseThrow(CanaryRuns::notFound);
        requireReach(who, run);
        return run.document();
    }

    private static void requireReach(Principal who, Run run) {
        who.requireReach(run.document().service(), run.document().environment());
    }

    /** Returns when a change of a run is: as the caller says, or now, but not before what is known already. */
    private Instant moment(CanaryRunDocument run, Optional<Instant> given) {
        Instant latest = run.lastChange();
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What a request changes of a run. */
    private interface Change {
        /** Returns the run as it is to be; nothing if it is so already. */
        Optional<CanaryRunDocument> of(CanaryRunDocument run);
    }
}
