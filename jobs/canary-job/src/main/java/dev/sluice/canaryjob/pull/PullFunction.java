package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.pull.MetricQuery;
import dev.sluice.sources.metrics.pull.MetricsClient;
import dev.sluice.sources.metrics.pull.SourceUnavailableException;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Asks sources for series of runs, without waiting for the answer; what they say are points as if they had been sent. All of a
 * request is answered, or it has failed: then the run is told the condition, and the next request asks for the same times again.
 */
public final class PullFunction extends RichAsyncFunction<PullRequest, CanaryInput> {
    /** How long all queries of a request may take together. */
    public static final int TIMEOUT_SECONDS = 15;

    /** So many numbers may an answer have. */
    private static final int MOST_NUMBERS = 1_000_000;

    private final RunReader reader;
    private final ClientFactory clientsOf;
    private transient Map<String, Asked> sources;

    /** Makes the clients of the sources that may be asked. */
    public interface ClientFactory extends java.io.Serializable {
        /** Returns a client for each source, by its name. */
        Map<String, MetricsClient> clients();
    }

    private record Asked(MetricsClient client, BackOff backOff) {}

    /**
     * Creates the function.
     *
     * @param reader reads what is set of runs
     * @param clientsOf makes clients, where the function runs
     */
    public PullFunction(RunReader reader, ClientFactory clientsOf) {
        this.reader = reader;
        this.clientsOf = clientsOf;
    }

    @Override
    public void open(OpenContext openContext) {
        sources = new HashMap<>();
        clientsOf.clients().forEach((name, client) -> sources.put(name, new Asked(client, new BackOff())));
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
        Asked source = sources.get(pull.source());
        if (source == null) {
            result.complete(List.of(condition(request, "no source of metrics is named " + pull.source())));
            return;
        }
        String waits = source.backOff().reason(System.currentTimeMillis());
        if (waits != null) {
            result.complete(List.of(condition(request, waits)));
            return;
        }
        List<CompletableFuture<List<MetricSeries>>> answers = new ArrayList<>();
        for (String query : SeriesQueries.of(selection)) {
            answers.add(source.client()
                    .query(new MetricQuery(
                            query, Instant.ofEpochMilli(request.from()), Instant.ofEpochMilli(request.to()))));
        }
        var unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> points(request, run, selection, answers))
                .whenComplete((points, failure) -> {
                    if (failure == null) {
                        source.backOff().succeeded();
                        result.complete(points);
                    } else {
                        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure;
                        String why = "source " + pull.source() + " " + problem(cause);
                        source.backOff().failed(System.currentTimeMillis(), why, retryAfter(cause));
                        result.complete(List.of(condition(request, why)));
                    }
                });
    }

    /** Where the source is is not for everybody who may see a run. */
    private static String problem(Throwable failure) {
        return failure instanceof SourceUnavailableException unavailable
                ? unavailable.problem()
                : "cannot be asked: " + failure;
    }

    private static Duration retryAfter(Throwable failure) {
        return failure instanceof SourceUnavailableException unavailable
                ? unavailable.retryAfter().orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    @Override
    public void timeout(PullRequest request, ResultFuture<CanaryInput> result) {
        result.complete(List.of(
                condition(request, "the source has not answered all queries within " + TIMEOUT_SECONDS + " s")));
    }

    private static List<CanaryInput> points(
            PullRequest request,
            RunReader.Read run,
            CanarySelection selection,
            List<CompletableFuture<List<MetricSeries>>> answers) {
        Map<SortedMap<String, String>, MetricSeries> series = new LinkedHashMap<>();
        answers.forEach(answer -> answer.join().forEach(found -> series.putIfAbsent(found.labels(), found)));
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
        inputs.add(condition(request, ""));
        return inputs;
    }

    private static CanaryInput condition(PullRequest request, String text) {
        return new CanaryInput(request.key(), request.tenant(), request.run(), null, null, text);
    }
}
