package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.MetricVerdict;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.pull.MetricQuery;
import dev.sluice.sources.metrics.pull.PrometheusSeries;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.api.common.functions.OpenContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryFunctionTest {
    private static final Instant FROM = Runs.START.minus(Duration.ofMinutes(24 * 60 + 15));
    private static final PullRequest REQUEST =
            new PullRequest(Runs.KEY, "acme", "r1", Runs.pulled(null), FROM.toEpochMilli(), Runs.START.toEpochMilli());

    private final List<MetricQuery> asked = new ArrayList<>();

    /** Half an hour after half an hour, without a gap, up to the run and not beyond. */
    @Test
    void asksForTheBaselineOfBefore() throws Exception {
        learned(query -> CompletableFuture.completedFuture(List.of()));

        List<MetricQuery> ofOne = asked.stream()
                .filter(query -> query.text().equals("{version=\"1\",__name__=\"requests_total\"}"))
                .toList();
        assertThat(ofOne).hasSize(49);
        assertThat(ofOne.get(0).from()).isEqualTo(FROM);
        for (int i = 1; i < ofOne.size(); i++) {
            assertThat(ofOne.get(i).from()).isEqualTo(ofOne.get(i - 1).to().plusMillis(1));
        }
        assertThat(ofOne.get(48).to()).isEqualTo(Runs.START.minusMillis(1));
    }

    /** Two pods with errors that come in clusters: whoever knows the day before does not take them for independent requests. */
    @Test
    void whatIsLearnedIsInTheRun() throws Exception {
        CanaryRun learned = learned(query -> CompletableFuture.completedFuture(
                query.text().contains("requests_total") && query.text().contains("version=\"1\"")
                        ? List.of(pod("a", query), pod("b", query))
                        : List.of()));

        assertThat(notesOfErrors(learned)).noneMatch(note -> note.contains("assumes independent requests"));
        assertThat(learned.verdict(Runs.START).notes()).anyMatch(note -> note.startsWith("history: 24"));
        assertThat(notesOfErrors(new CanaryRun(config(), Runs.START)))
                .anyMatch(note -> note.contains("assumes independent requests"));
    }

    @Test
    void aSourceThatFailsIsNoHistory_andTheRunSaysSo() throws Exception {
        CanaryRun run = learned(query -> CompletableFuture.failedFuture(new IllegalStateException("HTTP 503")));
        assertThat(run.verdict(Runs.START).notes())
                .contains("no history was asked for with success: source main cannot be asked: "
                        + "java.lang.IllegalStateException: HTTP 503");
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(query -> assertThat(query.from()).isEqualTo(FROM));
    }

    @Test
    void aSourceOfOthersIsNoSource() throws Exception {
        var other = new PullRequest("other/r1", "other", "r1", Runs.pulled(null), REQUEST.from(), REQUEST.to());
        CanaryRun run = read(invoke(opened(query -> CompletableFuture.completedFuture(List.of())), other));
        assertThat(run.verdict(Runs.START).notes())
                .anyMatch(note -> note.contains("no source of metrics is named main"));
        assertThat(asked).isEmpty();
    }

    @Test
    void noAnswerIsNoHistory() throws Exception {
        HistoryFunction function = opened(query -> new CompletableFuture<>());
        var answer = new Answers();
        function.asyncInvoke(REQUEST, answer);
        assertThat(answer.inputs()).isNull();
        function.timeout(REQUEST, answer);
        assertThat(read(requireNonNull(answer.inputs()).iterator().next())
                        .verdict(Runs.START)
                        .notes())
                .anyMatch(note -> note.contains("has not told all of it within 120 s"));
    }

    /** A source that is slow to some must not be asked by all at once; and whoever asks does not wait, nor does who comes after. */
    @Test
    void onlySoManyAreAskedForAtOnce() throws Exception {
        List<CompletableFuture<List<MetricSeries>>> open = new ArrayList<>();
        HistoryFunction function = opened(query -> {
            open.add(new CompletableFuture<>());
            return open.get(open.size() - 1);
        });
        List<Answers> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(new Answers());
            function.asyncInvoke(REQUEST, answers.get(i));
        }
        int ofOne = open.size() / 2;
        assertThat(open).hasSize(2 * ofOne);
        for (CompletableFuture<List<MetricSeries>> query : List.copyOf(open.subList(0, ofOne))) {
            query.completeExceptionally(new IllegalStateException("HTTP 503"));
        }
        assertThat(open).hasSize(3 * ofOne);
        assertThat(answers.get(0).inputs()).isNotNull();
        assertThat(answers.get(1).inputs()).isNull();
        while (open.stream().anyMatch(query -> !query.isDone())) {
            List.copyOf(open).forEach(query -> query.completeExceptionally(new IllegalStateException("HTTP 503")));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.inputs()).hasSize(1));
    }

    private CanaryRun learned(Function<MetricQuery, CompletableFuture<List<MetricSeries>>> client) throws IOException {
        return read(invoke(opened(client), REQUEST));
    }

    private HistoryFunction opened(Function<MetricQuery, CompletableFuture<List<MetricSeries>>> client) {
        var function = new HistoryFunction(
                Runs.READER,
                () -> Map.of(
                        "main",
                        new PullFunction.Client(
                                new PrometheusSeries(query -> {
                                    asked.add(query);
                                    return client.apply(query);
                                }),
                                Set.of("acme"),
                                Duration.ZERO)));
        function.open(new OpenContext() {});
        return function;
    }

    private static CanaryInput invoke(HistoryFunction function, PullRequest request) {
        var answer = new Answers();
        function.asyncInvoke(request, answer);
        return requireNonNull(answer.inputs()).iterator().next();
    }

    private static CanaryConfig config() {
        return requireNonNull(Runs.READER.read(Runs.KEY, Runs.pulled(null))).config();
    }

    private static CanaryRun read(CanaryInput input) throws IOException {
        byte @Nullable [] calibrated = input.calibrated();
        var run = new CanaryRun(config(), Runs.START);
        run.load(new DataInputStream(new ByteArrayInputStream(requireNonNull(calibrated))));
        return run;
    }

    private static List<String> notesOfErrors(CanaryRun run) {
        for (int t = 0; t < 30; t++) {
            run.add(Runs.START.plusSeconds(10L * t), Map.of("errors", new RatioBucket(5, 500, 5, 500)));
        }
        List<MetricVerdict> metrics = run.verdict(Runs.START.plusSeconds(300)).metrics();
        return metrics.stream()
                .filter(metric -> metric.reading().metric().name().equals("errors"))
                .flatMap(metric -> metric.reading().notes().stream())
                .toList();
    }

    /** A counter that is read every ten seconds, of the series that the query selects; it began long ago. */
    private static MetricSeries pod(String name, MetricQuery query) {
        boolean ofErrors = query.text().contains("5..");
        List<MetricPoint> points = new ArrayList<>();
        long first = (query.from().toEpochMilli() + 9_999) / 10_000;
        for (long t = first; t * 10_000 <= query.to().toEpochMilli(); t++) {
            long since = t - FROM.toEpochMilli() / 10_000;
            long bursts = since / 5;
            double count = ofErrors ? 20.0 * bursts : 500.0 * since;
            points.add(new MetricPoint.Value(Instant.ofEpochMilli(t * 10_000), count, Temporality.UNKNOWN, null));
        }
        var labels = new TreeMap<>(
                Map.of("__name__", "requests_total", "code", ofErrors ? "500" : "200", "version", "1", "pod", name));
        return new MetricSeries(labels, points);
    }
}
