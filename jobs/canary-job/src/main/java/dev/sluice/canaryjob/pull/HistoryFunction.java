package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.canary.intake.PastBaseline;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.pull.SeriesRequest;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanarySelection;
import java.time.Duration;
import java.time.Instant;
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
 * Asks a source for what the baseline did before a run, half an hour after half an hour, without waiting for the answers, and says
 * what there was to learn. There is always an answer: a run whose history nobody can tell goes on without it, and says so.
 */
public final class HistoryFunction extends RichAsyncFunction<PullRequest, CanaryInput> {
    /** How long all of a history may take. */
    public static final int TIMEOUT_SECONDS = 120;

    /** So much is asked for at once. */
    static final Duration STEP = Duration.ofMinutes(30);

    /** So many histories are read at once in a task: each may be of some hundred thousand samples. */
    private static final int AT_ONCE = 2;

    /** So many numbers may an answer have. */
    private static final int MOST_NUMBERS = 1_000_000;

    private final RunReader reader;
    private final PullFunction.ClientFactory clientsOf;
    private transient Map<String, PullFunction.Client> clients;
    private transient Turns turns;

    /**
     * Creates the function.
     *
     * @param reader reads what is set of runs
     * @param clientsOf makes clients, where the function runs
     */
    public HistoryFunction(RunReader reader, PullFunction.ClientFactory clientsOf) {
        this.reader = reader;
        this.clientsOf = clientsOf;
    }

    @Override
    public void open(OpenContext openContext) {
        clients = clientsOf.clients();
        turns = new Turns(AT_ONCE);
    }

    @Override
    public void asyncInvoke(PullRequest request, ResultFuture<CanaryInput> result) {
        RunReader.Read run = reader.read(request.key(), request.document());
        if (run == null || run.selection() == null || run.pull() == null) {
            result.complete(List.of());
            return;
        }
        String name = requireNonNull(run.pull()).source();
        PullFunction.Client source = clients.get(name);
        if (source == null || !source.isFor(request.tenant())) {
            result.complete(List.of(without(request, run, "no source of metrics is named " + name)));
            return;
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(TIMEOUT_SECONDS).toNanos();
        turns.take(() -> {
            var unused = answer(new Question(request, run, source), deadline).whenComplete((input, failure) -> {
                turns.give();
                if (System.nanoTime() < deadline) { // else the run was told that there is no history
                    result.complete(List.of(failure == null ? input : without(request, run, "" + cause(failure))));
                }
            });
        });
    }

    private static CompletableFuture<CanaryInput> answer(Question question, long deadline) {
        RunReader.Read run = question.run();
        var history = new PastBaseline(run.config(), BucketClock.of(run.config().bucket()));
        return ask(question, question.request().from(), history, deadline)
                .handle((done, failure) -> failure == null
                        ? calibrated(question.request(), run, history)
                        : without(
                                question.request(),
                                run,
                                "source " + requireNonNull(run.pull()).source() + " "
                                        + PullFunction.problem(cause(failure))));
    }

    @Override
    public void timeout(PullRequest request, ResultFuture<CanaryInput> result) {
        RunReader.Read run = requireNonNull(reader.read(request.key(), request.document()));
        String why = "the source has not told all of it within " + TIMEOUT_SECONDS + " s";
        result.complete(List.of(without(request, run, why)));
    }

    /** What is asked, and whom. */
    private record Question(PullRequest request, RunReader.Read run, PullFunction.Client source) {
        CanarySelection selection() {
            return requireNonNull(run.selection());
        }

        CompletableFuture<List<MetricSeries>> ask(long from, long to) {
            return source.series()
                    .series(new SeriesRequest(
                            selection().ofBaseline(),
                            run.config().bucket(),
                            Instant.ofEpochMilli(request.from()),
                            Instant.ofEpochMilli(from),
                            Instant.ofEpochMilli(to)));
        }

        /** Adds the points of the baseline in an answer. */
        void read(List<MetricSeries> answer, long to, PastBaseline history) {
            Map<SortedMap<String, String>, MetricSeries> series = new LinkedHashMap<>();
            answer.forEach(found -> series.putIfAbsent(found.labels(), found));
            var points = new SelectedPoints(
                    request.tenant(),
                    request.run(),
                    run.document().startingAt(Instant.ofEpochMilli(request.from())),
                    selection(),
                    Instant.ofEpochMilli(to),
                    MOST_NUMBERS);
            series.values().forEach(points::add);
            history.add(points.batches().stream()
                    .flatMap(batch -> batch.toDomain().stream())
                    .filter(point -> point.arm() == Arm.BASELINE)
                    .toList());
        }
    }

    /** Asks for the next half hour, and then for the rest. */
    private static CompletableFuture<Void> ask(Question question, long from, PastBaseline history, long deadline) {
        long to = Math.min(question.request().to() - 1, from + STEP.toMillis());
        if (to < from || System.nanoTime() >= deadline) {
            return CompletableFuture.completedFuture(null);
        }
        return question.ask(from, to)
                .thenAccept(answer -> question.read(answer, to, history))
                .thenCompose(done -> ask(question, to + 1, history, deadline));
    }

    private static CanaryInput calibrated(PullRequest request, RunReader.Read run, PastBaseline history) {
        var calibrated = new CanaryRun(run.config(), run.document().startedAt());
        history.teach(calibrated);
        return input(request, calibrated);
    }

    private static CanaryInput without(PullRequest request, RunReader.Read run, String why) {
        var uncalibrated = new CanaryRun(run.config(), run.document().startedAt());
        uncalibrated.noteHistory("no history was asked for with success: " + why);
        return input(request, uncalibrated);
    }

    private static CanaryInput input(PullRequest request, CanaryRun run) {
        return CanaryInput.calibrated(request.key(), request.tenant(), request.run(), run.saved());
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
