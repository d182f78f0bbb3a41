package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.pull.SeriesRequest;
import dev.sluice.sources.metrics.pull.SeriesSource;
import dev.sluice.sources.metrics.pull.SourceUnavailableException;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Asks sources for series of runs, without waiting for the answer; what they say are points as if they had been sent. All of a
 * request is answered, or it has failed: then the run is told the condition, and the next request asks for these times, too, as
 * long as they are not too old. What cannot be made up for, e.g. after a restart, the run finds missing by the times that were
 * answered.
 */
public final class PullFunction extends RichAsyncFunction<PullRequest, CanaryInput> {
    /** How long all queries of a request may take together. */
    public static final int TIMEOUT_SECONDS = 15;

    /** So many numbers may an answer have. */
    private static final int MOST_NUMBERS = 1_000_000;
    /** Of so many runs it is remembered up to when all was answered. */
    private static final int MOST_RUNS = 10_000;

    private final RunReader reader;
    private final ClientFactory clientsOf;
    private final Clock clock;
    private transient Map<String, Asked> sources;
    private transient Map<String, Answered> answered;

    /** The wall clock, ms since the epoch. */
    public interface Clock extends LongSupplier, Serializable {}

    /** Makes the clients of the sources that may be asked. */
    public interface ClientFactory extends Serializable {
        /** Returns a client for each source, by its name. */
        Map<String, Client> clients();
    }

    /**
     * A source that may be asked.
     *
     * @param series asks it
     * @param tenants for whose runs; for all if there are none
     * @param delay how long after something has happened it surely has it
     */
    public record Client(SeriesSource series, Set<String> tenants, Duration delay) {
        /** Returns whether it may be asked for runs of a tenant. */
        boolean isFor(String tenant) {
            return tenants.isEmpty() || tenants.contains(tenant);
        }
    }

    private record Asked(Client source, BackOff backOff) {}

    /** How a run stands: up to when all was answered, and when it may ask again. */
    private static final class Answered {
        private final BackOff backOff = new BackOff();
        private final AtomicLong to;

        Answered(long to) {
            this.to = new AtomicLong(to);
        }
    }

    /**
     * Creates the function.
     *
     * @param reader reads what is set of runs
     * @param clientsOf makes clients, where the function runs
     * @param clock tells how long a source is to be left alone, and what is too old
     */
    public PullFunction(RunReader reader, ClientFactory clientsOf, Clock clock) {
        this.reader = reader;
        this.clientsOf = clientsOf;
        this.clock = clock;
    }

    @Override
    public void open(OpenContext openContext) {
        sources = new HashMap<>();
        clientsOf.clients().forEach((name, client) -> sources.put(name, new Asked(client, new BackOff())));
        answered = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Answered> eldest) {
                return size() > MOST_RUNS;
            }
        });
    }

    @Override
    public void asyncInvoke(PullRequest request, ResultFuture<CanaryInput> result) {
        RunReader.Read run = reader.read(request.key(), request.document());
        if (run == null || run.selection() == null || run.pull() == null) {
            result.complete(List.of());
            return;
        }
        CanarySelection selection = requireNonNull(run.selection());
        CanarySelection.Pull pull = requireNonNull(run.pull());
        String name = pull.source();
        Asked source = sources.get(name);
        if (source == null || !source.source().isFor(request.tenant())) {
            fail(request, result, "no source of metrics is named " + name);
            return;
        }
        Duration delay = source.source().delay();
        if (pull.delay().compareTo(delay) < 0) {
            fail(
                    request,
                    result,
                    "source " + name + " has all that has happened only after a while: the run's pull must say a"
                            + " delay of at least " + delay.toSeconds() + "s");
            return;
        }
        long now = clock.getAsLong();
        String ownReason = answered(request).backOff.reason(now);
        String reason = ownReason != null ? ownReason : source.backOff().reason(now);
        if (reason != null) {
            fail(request, result, reason);
            return;
        }
        long from = from(request, now);
        long begun = System.nanoTime();
        var asked = new SeriesRequest(
                selection,
                run.config().bucket(),
                run.document().startedAt(),
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(request.to()));
        var unused = source.source()
                .series()
                .series(asked)
                .thenApply(answer -> points(request, from, run, selection, answer))
                .whenComplete((points, failure) -> {
                    if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
                        return; // the run was told that there is no answer
                    }
                    if (failure == null) {
                        source.backOff().succeeded();
                        Answered known = answered(request);
                        known.backOff.succeeded();
                        known.to.accumulateAndGet(request.to(), Math::max);
                        result.complete(points);
                        return;
                    }
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    String why = "source " + name + " " + problem(cause);
                    BackOff backOff = isOfSource(cause) ? source.backOff() : answered(request).backOff;
                    backOff.failed(clock.getAsLong(), why, retryAfter(cause));
                    fail(request, result, why);
                });
    }

    private Answered answered(PullRequest request) {
        return answered.computeIfAbsent(request.key(), key -> new Answered(request.from()));
    }

    /**
     * Returns from when on a run is to be asked for: since when nothing was answered, if that is not too old. What is still being
     * asked for is not answered: a later request that is answered sooner has it, too.
     */
    private long from(PullRequest request, long now) {
        long since = Math.min(request.from(), answered(request).to.get());
        return Math.min(request.to(), Math.max(since, now - PullSchedule.OLDEST.toMillis()));
    }

    private void fail(PullRequest request, ResultFuture<CanaryInput> result, String why) {
        answered(request);
        result.complete(List.of(CanaryInput.condition(request.key(), request.tenant(), request.run(), why)));
    }

    /** Where the source is is not for everybody who may see a run. */
    static String problem(Throwable failure) {
        return failure instanceof SourceUnavailableException unavailable
                ? unavailable.problem()
                : "cannot be asked: " + failure;
    }

    private static boolean isOfSource(Throwable failure) {
        return failure instanceof SourceUnavailableException unavailable && unavailable.isOfSource();
    }

    private static Duration retryAfter(Throwable failure) {
        return failure instanceof SourceUnavailableException unavailable
                ? unavailable.retryAfter().orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    @Override
    public void timeout(PullRequest request, ResultFuture<CanaryInput> result) {
        fail(request, result, "the source has not answered all queries within " + TIMEOUT_SECONDS + " s");
    }

    private static List<CanaryInput> points(
            PullRequest request, long from, RunReader.Read run, CanarySelection selection, List<MetricSeries> answer) {
        // several queries may have the same series
        Map<SortedMap<String, String>, MetricSeries> series = new LinkedHashMap<>();
        answer.forEach(found -> series.putIfAbsent(found.labels(), found));
        var points = new SelectedPoints(
                request.tenant(),
                request.run(),
                run.document(),
                selection,
                Instant.ofEpochMilli(request.to()),
                MOST_NUMBERS);
        series.values().forEach(points::add);
        List<CanaryInput> inputs = new ArrayList<>();
        for (SampleBatch batch : points.batches()) {
            inputs.add(new CanaryInput(request.key(), request.tenant(), request.run(), null, Json.bytes(batch)));
        }
        inputs.add(CanaryInput.asked(request.key(), request.tenant(), request.run(), from, request.to()));
        return inputs;
    }
}
