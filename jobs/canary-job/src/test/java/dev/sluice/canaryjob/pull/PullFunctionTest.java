package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.pull.MetricQuery;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.jspecify.annotations.Nullable;
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
                        "{version=\"2\",__name__=\"duration_seconds_bucket\"}");
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

    @Test
    void aSourceThatNobodyKnowsIsACondition() {
        assertThat(pull("other", query -> CompletableFuture.completedFuture(List.of())))
                .singleElement()
                .extracting(CanaryInput::condition)
                .isEqualTo("no source of metrics is named main");
    }

    @Test
    void noAnswerIsACondition() {
        PullFunction function = opened("main", query -> new CompletableFuture<>());
        var answer = new Answer();
        function.asyncInvoke(REQUEST, answer);
        assertThat(answer.inputs).isNull();
        function.timeout(REQUEST, answer);
        assertThat(requireNonNull(answer.inputs))
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
                () -> Map.of(name, query -> {
                    asked.add(query);
                    return client.apply(query);
                }));
        function.open(new OpenContext() {});
        return function;
    }

    private static List<CanaryInput> invoke(PullFunction function) {
        var answer = new Answer();
        function.asyncInvoke(REQUEST, answer);
        return List.copyOf(requireNonNull(answer.inputs));
    }

    private static final class Answer implements ResultFuture<CanaryInput> {
        private @Nullable Collection<CanaryInput> inputs;

        @Override
        public void complete(Collection<CanaryInput> result) {
            inputs = result;
        }

        @Override
        public void completeExceptionally(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void complete(CollectionSupplier<CanaryInput> supplier) {
            try {
                inputs = supplier.get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
