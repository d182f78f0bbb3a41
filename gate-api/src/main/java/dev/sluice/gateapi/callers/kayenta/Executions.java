package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.callers.kayenta.Execution.State;
import dev.sluice.gateapi.callers.kayenta.MetricSource.UnfitValuesException;
import dev.sluice.gateapi.callers.kayenta.Retention.Kept;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.metrics.pull.SourceUnavailableException;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judgements by Kayenta's API. The replica that is asked fetches and judges; request and result stand in the control topic, so that
 * any replica can tell of it. If a replica ends in the middle nobody goes on: its judgements are terminal some minutes after their
 * start, wherever one asks. How long they are kept {@link Retention} says.
 */
final class Executions implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Executions.class);
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 200;
    /** Metrics that are asked for at once, of both arms. */
    private static final int METRICS_AT_ONCE = 4;

    private static final int MOST_PAIRS = 1_000;
    private static final int MOST_VALUES = 2_000_000;
    /** Longer ones are not kept: all replicas have them in memory. */
    private static final int MOST_KEPT_CHARACTERS = 512 << 10;

    /** As the log has it. With the largest config and request it is still less than what the log takes as one record. */
    private static final int MOST_RESULT_BYTES = 960 << 10;

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);
    private static final Duration UNREAD_AGAIN = Duration.ofSeconds(1);
    /** How long a caller waits for room; what is forgotten later makes room for the next one. */
    private static final Duration ROOM_LIMIT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final Comparator<Kept> NEWEST_FIRST = Comparator.comparing(
                    (Kept one) -> one.outline().startedAt())
            .reversed()
            .thenComparing(one -> one.control().id());
    private static final String OWN = "sluice";

    private final ControlLog log;
    private final Views views;
    private final Judges judges;
    private final Clock clock;
    private final ThreadPoolExecutor runners;
    private final Retention retention;
    private final ScheduledExecutorService sweeper;
    private CompletableFuture<Void> sweeping = CompletableFuture.completedFuture(null);

    Executions(ControlLog log, Views views, Judges judges, Clock clock, Retention.Limits limits) {
        this.log = log;
        this.views = views;
        this.judges = judges;
        this.clock = clock;
        this.retention = new Retention(views, limits);
        var number = new AtomicInteger();
        this.runners = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> daemon(task, "gate-api-kayenta-" + number.incrementAndGet()));
        this.sweeper = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "gate-api-kayenta-sweeper"));
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Forgets old judgements from now on: as soon as the log is read, and every ten minutes. */
    void start() {
        sweeper.execute(this::sweepAgain);
    }

    private void sweepAgain() {
        boolean isRead = views.hasRead(Topic.CONTROL);
        if (isRead) {
            trySweep();
        }
        var unused = sweeper.schedule(
                this::sweepAgain, (isRead ? SWEEP_EVERY : UNREAD_AGAIN).toMillis(), TimeUnit.MILLISECONDS);
    }

    private void trySweep() {
        try {
            sweep();
        } catch (RuntimeException e) { // the edge of the thread: later it tries again
            LOGGER.atWarn().setCause(e).log("old judgements were not forgotten");
        }
    }

    /** Forgets old judgements now, unless that is under way. Returns when it is done, or takes too long. */
    private synchronized CompletableFuture<Void> makeRoom() {
        if (sweeping.isDone()) {
            sweeping = CompletableFuture.runAsync(this::trySweep, sweeper);
        }
        return sweeping.copy().completeOnTimeout(null, ROOM_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * What is to be judged.
     *
     * @param application whose canary it is
     * @param parent the execution of the pipeline that asks
     * @param configId the id of the config; empty where the request has it itself
     * @param config what is judged by
     * @param request what is compared
     * @param accounts which accounts were named
     * @param source where the values come from
     */
    record Order(
            String application,
            String parent,
            Optional<String> configId,
            KayentaConfig config,
            ExecutionRequest request,
            Execution.Named accounts,
            MetricSource source) {
        private Execution execution(Instant now) {
            return new Execution(
                    application,
                    parent,
                    configId.orElse(null),
                    JsonText.of(config.document()),
                    JsonText.of(request.document()),
                    accounts,
                    State.RUNNING,
                    now,
                    null,
                    null,
                    null,
                    request.duration(),
                    config.metrics().size(),
                    false);
        }
    }

    /**
     * Starts to judge.
     *
     * @param who asks
     * @param order what is to be judged
     * @return the id, when the log has it. Fails with an {@link ApiException} 503 if too much waits, or is kept
     * @throws ApiException 400 if it cannot be judged, 503 if too much waits
     */
    CompletableFuture<String> start(Principal who, Order order) {
        order.config().requireUniqueNames();
        judges.check(order.config());
        List<MetricFetch> fetches = MetricFetch.of(order.config(), order.request(), order.source());
        if (runners.getQueue().remainingCapacity() == 0) {
            throw busy();
        }
        if (!retention.isFull(who.tenant())) {
            return begin(who, order, fetches);
        }
        return makeRoom().thenComposeAsync(done -> {
            if (retention.isFull(who.tenant())) {
                throw new ApiException(ErrorType.BUSY, "too many judgements are kept");
            }
            return begin(who, order, fetches);
        });
    }

    private CompletableFuture<String> begin(Principal who, Order order, List<MetricFetch> fetches) {
        Execution execution = order.execution(now());
        var thing = new Thing(
                who.tenant(), Control.KAYENTA_EXECUTION, UUID.randomUUID().toString());
        return log.change(thing, who.id(), present -> Optional.of(Content.of(execution.document())))
                .thenApply(written -> {
                    try {
                        runners.execute(() -> run(thing, who.id(), order, execution, fetches));
                    } catch (RejectedExecutionException e) { // others were faster; the caller hears nothing of its id
                        throw busy();
                    }
                    return thing.id();
                });
    }

    private static ApiException busy() {
        return new ApiException(ErrorType.BUSY, "too many judgements are waiting");
    }

    private void run(Thing thing, String who, Order order, Execution execution, List<MetricFetch> fetches) {
        Instant deadline = execution.startedAt().plus(Execution.LIMIT);
        Runnable check = () -> requireWanted(thing, deadline);
        try {
            List<MetricSetPair> pairs = fetch(fetches, deadline, check);
            JsonText result =
                    JsonText.of(judges.judge(order.config(), order.request().thresholds(), pairs, check)
                            .json());
            if (Json.bytes(result).length > MOST_RESULT_BYTES) {
                throw new UnfitValuesException("the result is too large to be kept; let the queries have fewer series");
            }
            boolean isKept = isRunning(thing) && keep(thing, who, pairs);
            finish(thing, who, running -> running.succeeded(now(), result, isKept));
        } catch (SourceUnavailableException e) {
            fail(thing, who, order.source().name() + " " + e.problem());
        } catch (UnfitValuesException | ApiException e) {
            fail(thing, who, String.valueOf(e.getMessage()));
        } catch (LateException e) {
            fail(
                    thing,
                    who,
                    "the values could not be fetched and judged within " + Execution.LIMIT.toMinutes() + " min");
        } catch (CanceledException e) {
            LOGGER.atDebug().addKeyValue("execution", thing.id()).log("judgement canceled");
        } catch (InterruptedException e) { // this replica ends; any other one says so in time
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // the edge of the thread: a defect must not leave the caller waiting
            LOGGER.atError().setCause(e).addKeyValue("execution", thing.id()).log("judgement failed");
            fail(thing, who, "the canary could not be judged because of a defect; see the log");
        }
    }

    private List<MetricSetPair> fetch(List<MetricFetch> fetches, Instant deadline, Runnable check)
            throws InterruptedException {
        var pairs = new ArrayList<MetricSetPair>();
        for (int i = 0; i < fetches.size(); i += METRICS_AT_ONCE) {
            check.run();
            List<CompletableFuture<List<MetricSetPair>>> asked =
                    fetches.subList(i, Math.min(i + METRICS_AT_ONCE, fetches.size())).stream()
                            .map(MetricFetch::ask)
                            .toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
            await(MetricFetch.orFirstFailure(all, asked), deadline);
            for (CompletableFuture<List<MetricSetPair>> answer : asked) {
                pairs.addAll(answer.join());
                requireFew(pairs);
            }
        }
        return pairs;
    }

    private static void requireFew(List<MetricSetPair> pairs) {
        if (pairs.size() > MOST_PAIRS) {
            throw new UnfitValuesException("the queries have more than " + MOST_PAIRS + " series together");
        }
        if (pairs.stream().mapToLong(MetricSetPair::size).sum() > MOST_VALUES) {
            throw new UnfitValuesException("the queries have more than " + MOST_VALUES
                    + " values together; let them have fewer series, or longer steps");
        }
    }

    private void await(CompletableFuture<Void> answers, Instant deadline) throws InterruptedException {
        try {
            long left = Duration.between(clock.instant(), deadline).toMillis();
            answers.get(Math.max(left, 0), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LateException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        }
    }

    private void requireWanted(Thing thing, Instant deadline) {
        if (!isRunning(thing)) {
            throw new CanceledException();
        }
        if (!clock.instant().isBefore(deadline)) {
            throw new LateException(null);
        }
    }

    private boolean isRunning(Thing thing) {
        return log.find(thing).map(Execution::of).filter(Execution::isRunning).isPresent();
    }

    /** Somebody has ended the judgement meanwhile. */
    private static final class CanceledException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** The time for the judgement is over. */
    private static final class LateException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LateException(@Nullable Throwable cause) {
            super(cause);
        }
    }

    private boolean keep(Thing thing, String who, List<MetricSetPair> pairs) throws InterruptedException {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        pairs.forEach(pair -> list.add(pair.json()));
        String text = new String(Json.bytes(list), StandardCharsets.UTF_8);
        if (text.length() > MOST_KEPT_CHARACTERS || !retention.hasRoom(text.length())) {
            return false;
        }
        // as one text: in memory it is a small part of what its numbers would be
        Content content = Content.of(JsonNodeFactory.instance.objectNode().put(Retention.PAIRS, text));
        return write(values(thing), who, present -> Optional.of(content));
    }

    private static Thing values(Thing execution) {
        return new Thing(execution.tenant(), Control.KAYENTA_VALUES, execution.id());
    }

    private void fail(Thing thing, String who, String why) {
        try {
            finish(thing, who, running -> running.ended(State.TERMINAL, now(), why));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes how it ended, unless it has ended before. */
    private void finish(Thing thing, String who, UnaryOperator<Execution> end) throws InterruptedException {
        boolean isKnown = write(
                thing,
                who,
                present -> present.map(Execution::of)
                        .map(known -> known.at(now()))
                        .filter(Execution::isRunning)
                        .map(running -> Content.of(end.apply(running).document())));
        if (!isKnown) {
            LOGGER.atWarn().addKeyValue("execution", thing.id()).log("the end of a judgement could not be written");
        }
    }

    /** Returns whether it was written, or nothing had to be; what is under way meanwhile, or away, is tried again. */
    private boolean write(Thing thing, String who, Function<Optional<Control>, Optional<Content>> change)
            throws InterruptedException {
        long deadline = System.nanoTime() + WRITE_LIMIT.toNanos();
        do {
            try {
                log.change(thing, who, change).get(WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ApiException | ExecutionException | TimeoutException e) {
                LOGGER.atDebug()
                        .setCause(e)
                        .addKeyValue("execution", thing.id())
                        .log("tried again");
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    /**
     * Returns a judgement as it stands.
     *
     * @return fails with an {@link ApiException} 404 if the tenant has none of this id
     */
    CompletableFuture<Execution> find(String tenant, String id) {
        var thing = new Thing(tenant, Control.KAYENTA_EXECUTION, id);
        return known(thing)
                .thenApply(found ->
                        found.map(Execution::of).orElseThrow(() -> notFound(id)).at(now()));
    }

    /** What another replica was told a moment ago, this one may not have read yet. */
    private CompletableFuture<Optional<Control>> known(Thing thing) {
        Optional<Control> found = log.find(thing);
        return found.isPresent() ? CompletableFuture.completedFuture(found) : log.newest(thing);
    }

    private static ApiException notFound(String id) {
        return new ApiException(ErrorType.NOT_FOUND, "there is no canary execution " + id);
    }

    /** Returns the values that a judgement has compared, as JSON; fails with an {@link ApiException} 404 if they are not kept. */
    CompletableFuture<JsonNode> values(String tenant, String id) {
        return known(new Thing(tenant, Control.KAYENTA_VALUES, id))
                .thenApply(found -> found.map(control -> Reply.document(control.document()
                                .path(Retention.PAIRS)
                                .asText()
                                .getBytes(StandardCharsets.UTF_8)))
                        .orElseThrow(() -> new ApiException(
                                ErrorType.NOT_FOUND, "there are no values " + id + ", or they are not kept")));
    }

    /**
     * Ends a judgement; nothing if it has ended.
     *
     * @return fails with an {@link ApiException} 404 if the tenant has none of this id
     */
    CompletableFuture<Boolean> cancel(Principal who, String id) {
        return log.change(new Thing(who.tenant(), Control.KAYENTA_EXECUTION, id), who.id(), present -> {
            Execution known =
                    present.map(Execution::of).orElseThrow(() -> notFound(id)).at(now());
            return known.isRunning()
                    ? Optional.of(
                            Content.of(known.ended(State.CANCELED, now(), null).document()))
                    : Optional.empty();
        });
    }

    /**
     * Returns some of the judgements of a tenant that this replica knows, the newest first. Only they are read as a whole.
     *
     * @param tenant whose
     * @param wanted which
     * @param skip how many of them are passed over
     * @param most how many are returned at most
     */
    List<Identified> list(String tenant, Predicate<Outline> wanted, long skip, int most) {
        Instant now = now();
        return retention
                .kept(now, control -> control.tenant().equals(tenant))
                .filter(one -> wanted.test(one.outline()))
                .sorted(NEWEST_FIRST)
                .skip(skip)
                .limit(most)
                .flatMap(one -> retention
                        .execution(one.control())
                        .map(execution -> new Identified(one.control().id(), execution.at(now)))
                        .stream())
                .toList();
    }

    /** A judgement and its id. */
    record Identified(String id, Execution execution) {}

    /** Forgets what is kept no longer. */
    void sweep() {
        for (Thing thing : retention.forgettable(now())) {
            try {
                if (forget(values(thing))) {
                    forget(thing);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean forget(Thing thing) throws InterruptedException {
        return write(thing, OWN, present -> present.map(known -> Content.deletion()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        runners.shutdownNow();
    }
}
