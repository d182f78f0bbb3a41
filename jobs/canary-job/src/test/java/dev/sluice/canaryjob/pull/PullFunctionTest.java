package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.pull.MetricQuery;
import dev.sluice.sources.metrics.pull.PrometheusSeries;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.flink.api.common.functions.OpenContext;
import org.junit.jupiter.api.Test;

class PullFunctionTest {
    private static final PullRequest REQUEST = new PullRequest(
            Runs.KEY,
            "acme",
            "r1",
            Runs.pulled(null),
            Runs.START.plusSeconds(7).toEpochMilli(),
            Runs.START.plusSeconds(27).toEpochMilli());

    private final List<MetricQuery> asked = new ArrayList<>();
    private long now = Runs.START.plusSeconds(27).toEpochMilli();

    @Test
    void asksForTheSeriesOfBothArms() {
        List<CanaryInput> inputs = pull("main", query -> CompletableFuture.completedFuture(List.of()));

        assertThat(asked)
                .extracting(MetricQuery::text)
                .containsExactlyInAnyOrder(
                        "{version=\"1\",__name__=\"requests_total\",code=~\"5..\"}",
                        "{version=\"2\",__name__=\"requests_total\",code=~\"5..\"}",
                        "{version=\"1\",__name__=\"requests_total\"}",
                        "{version=\"2\",__name__=\"requests_total\"}",
                        "{version=\"1\",__name__=\"duration_seconds_bucket\"}",
                        "{version=\"2\",__name__=\"duration_seconds_bucket\"}",
                        "{version=\"1\",__name__=\"duration_seconds\"}",
                        "{version=\"2\",__name__=\"duration_seconds\"}");
        assertThat(asked).allSatisfy(query -> {
            assertThat(query.from()).isEqualTo(Runs.START.plusSeconds(7));
            assertThat(query.to()).isEqualTo(Runs.START.plusSeconds(27));
        });
        assertThat(inputs).singleElement().extracting(CanaryInput::condition).isEqualTo("");
    }

    @Test
    void whatIsAnsweredIsAsIfItHadBeenSent() {
        Instant at = Runs.START.plusSeconds(17);
        var series = new MetricSeries(
                new TreeMap<>(Map.of("__name__", "requests_total", "code", "500", "version", "2", "pod", "a")),
                List.of(new MetricPoint.Value(at, 7, Temporality.UNKNOWN, null)));
        // both the query of events and that of the exposure have the series
        List<CanaryInput> inputs = pull(
                "main",
                query -> CompletableFuture.completedFuture(
                        query.text().contains("version=\"2\"") && query.text().contains("requests_total")
                                ? List.of(series)
                                : List.of()));

        assertThat(inputs).hasSize(2);
        SampleBatch batch = Json.read(requireNonNull(inputs.get(0).samples()), SampleBatch.class);
        assertThat(batch.key()).isEqualTo("acme/r1/errors");
        assertThat(batch.points()).extracting(SampleBatch.Point::part).containsExactly("events", "exposure");
        assertThat(batch.points()).extracting(SampleBatch.Point::count).containsOnly(7.0);
    }

    @Test
    void aFailureIsACondition_andTheSourceIsLeftAloneForAWhile() {
        PullFunction function =
                opened("main", query -> CompletableFuture.failedFuture(new IllegalStateException("HTTP 503")));

        assertThat(invoke(function))
                .singleElement()
                .extracting(CanaryInput::condition)
                .isEqualTo("source main cannot be asked: java.lang.IllegalStateException: HTTP 503");
        int before = asked.size();
        assertThat(invoke(function))
                .singleElement()
                .extracting(CanaryInput::condition)
                .isEqualTo("source main cannot be asked: java.lang.IllegalStateException: HTTP 503");
        assertThat(asked).hasSize(before);
    }

    /** Three minutes of failures are made up for by the first answer; it says since when. */
    @Test
    void whatWasNotAnsweredIsAskedForAgain() {
        var fails = new AtomicBoolean(true);
        PullFunction function = opened(
                "main",
                query -> fails.get()
                        ? CompletableFuture.failedFuture(new IllegalStateException("HTTP 503"))
                        : CompletableFuture.completedFuture(List.of()));
        for (int i = 0; i < 18; i++) {
            now += 10_000;
            assertThat(invoke(function, request(now - 40_000, now)))
                    .singleElement()
                    .satisfies(input -> assertThat(input.condition()).isNotEmpty());
        }
        fails.set(false);
        now += 60_000;
        asked.clear();
        CanaryInput answered = invoke(function, request(now - 40_000, now)).get(0);

        long first = Runs.START.plusSeconds(27).toEpochMilli() + 10_000 - 40_000;
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(query -> assertThat(query.from()).isEqualTo(Instant.ofEpochMilli(first)));
        assertThat(answered.askedFrom()).isEqualTo(first);
        assertThat(answered.askedTo()).isEqualTo(now);
        invoke(function, request(now - 30_000, now + 10_000));
        assertThat(asked.get(asked.size() - 1).from()).isEqualTo(Instant.ofEpochMilli(now - 30_000));
    }

    /** A request that is answered before an earlier one leaves no hole: it has asked for the time of both. */
    @Test
    void whatIsStillBeingAskedFor_isAskedForByTheNextRequestToo() {
        var pending = new CompletableFuture<List<MetricSeries>>();
        var isFirst = new AtomicBoolean(true);
        PullFunction function =
                opened("main", query -> isFirst.get() ? pending : CompletableFuture.completedFuture(List.of()));
        long start = now - 60_000;
        var first = new Answers();
        function.asyncInvoke(request(start, start + 10_000), first);
        isFirst.set(false);

        CanaryInput second =
                invoke(function, request(start + 10_000, start + 20_000)).get(0);

        assertThat(second.askedFrom()).isEqualTo(start);
        assertThat(second.askedTo()).isEqualTo(start + 20_000);
        pending.complete(List.of());
        assertThat(requireNonNull(first.inputs())).singleElement().satisfies(input -> {
            assertThat(input.askedFrom()).isEqualTo(start);
            assertThat(input.askedTo()).isEqualTo(start + 10_000);
        });
        assertThat(invoke(function, request(start + 20_000, start + 30_000))
                        .get(0)
                        .askedFrom())
                .isEqualTo(start + 20_000);
    }

    /** A query that has no answer is of its run; others are still asked for. */
    @Test
    void aRunThatAsksWhatHasNoAnswer_isLeftAloneByItself() {
        PullFunction function = opened(
                "main",
                query -> query.from().equals(Instant.ofEpochMilli(1))
                        ? CompletableFuture.failedFuture(new IllegalArgumentException("bad"))
                        : CompletableFuture.completedFuture(List.of()));
        var other = new PullRequest("acme/other", "acme", "other", Runs.pulled(null), 1, 2);
        now = 3;

        assertThat(invoke(function, other).get(0).condition()).contains("bad");
        assertThat(invoke(function).get(0).condition()).isEmpty();
        int before = asked.size();
        assertThat(invoke(function, other).get(0).condition()).contains("bad");
        assertThat(asked).hasSize(before);
    }

    @Test
    void aSourceOfOthersIsNoSource() {
        PullFunction function = opened("main", query -> CompletableFuture.completedFuture(List.of()));
        assertThat(invoke(function, new PullRequest("other/r1", "other", "r1", Runs.pulled(null), 1, 2))
                        .get(0)
                        .condition())
                .isEqualTo("no source of metrics is named main");
        assertThat(asked).isEmpty();
    }

    private static PullRequest request(long from, long to) {
        return new PullRequest(Runs.KEY, "acme", "r1", Runs.pulled(null), from, to);
    }

    @Test
    void aSourceThatNobodyKnowsIsACondition() {
        assertThat(pull("other", query -> CompletableFuture.completedFuture(List.of())))
                .singleElement()
                .extracting(CanaryInput::condition)
                .isEqualTo("no source of metrics is named main");
    }

    /** Of a source that has all only later, what is asked for sooner would be too little, and judged. */
    @Test
    void aRunThatAsksTooSoon_isTold() {
        var function = new PullFunction(
                Runs.READER,
                () -> Map.of(
                        "main",
                        new PullFunction.Client(
                                new PrometheusSeries(query -> {
                                    asked.add(query);
                                    return CompletableFuture.completedFuture(List.of());
                                }),
                                Set.of(),
                                Duration.ofSeconds(90))),
                () -> now);
        function.open(new OpenContext() {});

        assertThat(invoke(function, late(89)).get(0).condition())
                .isEqualTo(
                        "source main has all that has happened only after a while: the run's pull must say a delay of at"
                                + " least 90s");
        assertThat(asked).isEmpty();
        assertThat(invoke(function, late(90)).get(0).condition()).isEmpty();
        assertThat(asked).isNotEmpty();
    }

    private static PullRequest late(int seconds) {
        return new PullRequest(Runs.KEY, "acme", "r1", Runs.pulledLate(Duration.ofSeconds(seconds), null), 1, 2);
    }

    @Test
    void noAnswerIsACondition() {
        PullFunction function = opened("main", query -> new CompletableFuture<>());
        var answer = new Answers();
        function.asyncInvoke(REQUEST, answer);
        assertThat(answer.inputs()).isNull();
        function.timeout(REQUEST, answer);
        assertThat(requireNonNull(answer.inputs()))
                .singleElement()
                .extracting(CanaryInput::condition)
                .isEqualTo("the source has not answered all queries within 15 s");
    }

    private List<CanaryInput> pull(String name, Function<MetricQuery, CompletableFuture<List<MetricSeries>>> client) {
        return invoke(opened(name, client));
    }

    private PullFunction opened(String name, Function<MetricQuery, CompletableFuture<List<MetricSeries>>> client) {
        var function = new PullFunction(
                Runs.READER,
                () -> Map.of(
                        name,
                        new PullFunction.Client(
                                new PrometheusSeries(query -> {
                                    asked.add(query);
                                    return client.apply(query);
                                }),
                                Set.of("acme"),
                                Duration.ZERO)),
                () -> now);
        function.open(new OpenContext() {});
        return function;
    }

    private static List<CanaryInput> invoke(PullFunction function) {
        return invoke(function, REQUEST);
    }

    private static List<CanaryInput> invoke(PullFunction function, PullRequest request) {
        var answer = new Answers();
        function.asyncInvoke(request, answer);
        return List.copyOf(requireNonNull(answer.inputs()));
    }
}
