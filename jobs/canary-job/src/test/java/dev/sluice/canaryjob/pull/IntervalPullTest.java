package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.intake.BucketClock;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.pull.StandIn.Hit;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.pull.Credentials;
import dev.sluice.sources.metrics.pull.DatadogSeries;
import dev.sluice.sources.metrics.pull.ElasticsearchSeries;
import dev.sluice.sources.metrics.pull.Endpoint;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.RequestLimits;
import dev.sluice.sources.metrics.pull.SeriesSource;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that are fed by sources of intervals, from their schedule to their points: each bucket has what happened within it, once, and
 * in time.
 */
class IntervalPullTest {
    private static final Duration LENGTH = Duration.ofMinutes(5);
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 20));

    private final AtomicLong now = new AtomicLong();

    @ParameterizedTest
    @ValueSource(longs = {1})
    void ofDatadog(long seed) throws Exception {
        List<Hit> truth = truth(new Random(seed));
        try (var datadog = new DatadogStandIn(truth, now::get, 60)) {
            var endpoint = new Endpoint(datadog.base(), Credentials.datadog(() -> "api", () -> "app"));
            check(seed, truth, "'shop.hits'", Duration.ofSeconds(90), new DatadogSeries(endpoint, REQUESTS));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2})
    void ofElasticsearch(long seed) throws Exception {
        List<Hit> truth = truth(new Random(seed)).stream()
                .filter(hit -> hit.metric().equals("shop.hits"))
                .toList();
        try (var elasticsearch = new ElasticsearchStandIn(truth, now::get, 20)) {
            var endpoint = new Endpoint(elasticsearch.base(), Credentials.apiKey(() -> "key"));
            check(
                    seed,
                    truth,
                    "'documents'",
                    Duration.ofSeconds(30),
                    new ElasticsearchSeries(endpoint, REQUESTS, "logs", "@timestamp"));
        }
    }

    private void check(long seed, List<Hit> truth, String name, Duration delay, SeriesSource source) throws Exception {
        BucketClock buckets = BucketClock.of(Duration.ofSeconds(10)).withDelay(delay);
        Map<String, Double> sums = new TreeMap<>();
        for (PullRequest request : requests(config(name, delay))) {
            now.set(request.to() + delay.toMillis());
            for (SamplePoint point : points(source, delay, request)) {
                Measure.Part part = (Measure.Part) point.measure();
                long bucket = buckets.numberOf(point);
                assertThat(point.series().pod()).as("seed %d", seed).matches("p[0-2]");
                // it is there before the bucket is judged
                assertThat(now.get())
                        .as("seed %d", seed)
                        .isLessThan(buckets.completeAt(bucket).toEpochMilli());
                sums.merge(buckets.begin(bucket) + " " + point.arm() + " " + part.role(), part.count(), Double::sum);
            }
        }
        assertThat(sums).as("seed %d", seed).isEqualTo(expected(truth));
    }

    private static String config(String name, Duration delay) {
        return """
                {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"}, "horizon": "5m", "bucket": "10s",
                 "pod_label": "pod_name", "pull": {"source": "s", "every": "7s", "delay": "%2$ds"}, "metrics": [
                   {"name": "errors", "kind": "ratio",
                    "series": {"events": "{%1$s,code=~'5..',probe!='yes'}", "exposure": "{%1$s,probe!='yes'}"}}]}""".formatted(name, delay.toSeconds());
    }

    /** Hits from before the run to after it; of probes and of a version of neither arm, too. */
    private static List<Hit> truth(Random random) {
        List<Hit> truth = new ArrayList<>();
        for (int i = 0; i < 6000; i++) {
            Map<String, String> tags = new TreeMap<>(Map.of(
                    "version", "" + (1 + random.nextInt(3)),
                    "code", List.of("200", "404", "500", "503").get(random.nextInt(4)),
                    "pod_name", "p" + random.nextInt(3)));
            if (random.nextInt(5) == 0) {
                tags.put("probe", random.nextBoolean() ? "yes" : "no");
            }
            long second = Runs.START.getEpochSecond() - 30 + random.nextInt(360);
            truth.add(new Hit(random.nextInt(9) == 0 ? "shop.misses" : "shop.hits", tags, second));
        }
        return truth;
    }

    /** The sums of whole buckets of the run, from the definition. */
    private static Map<String, Double> expected(List<Hit> truth) {
        Map<String, Double> sums = new TreeMap<>();
        Instant end = Runs.START.plus(LENGTH);
        for (Hit hit : truth) {
            Instant begin = Instant.ofEpochSecond(hit.second() / 10 * 10);
            if (!hit.metric().equals("shop.hits")
                    || hit.tag("version").equals("3")
                    || hit.tag("probe").equals("yes")
                    || begin.isBefore(Runs.START)
                    || begin.plusSeconds(10).isAfter(end)) {
                continue;
            }
            String arm = hit.tag("version").equals("1") ? "BASELINE" : "CANARY";
            sums.merge(begin + " " + arm + " EXPOSURE", 1.0, Double::sum);
            if (hit.tag("code").startsWith("5")) {
                sums.merge(begin + " " + arm + " EVENTS", 1.0, Double::sum);
            }
        }
        return sums;
    }

    private static List<PullRequest> requests(String config) throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, PullRequest>(
                new KeyedProcessOperator<>(new PullSchedule(Runs.READER)), CanaryInput::key, Types.STRING);
        harness.open();
        harness.setProcessingTime(Runs.START.toEpochMilli());
        harness.processElement(Runs.input(Runs.document(config, null)), 0);
        for (long second = 1; second <= 600; second++) {
            harness.setProcessingTime(Runs.START.plusSeconds(second).toEpochMilli());
        }
        List<PullRequest> requests = harness.extractOutputValues();
        harness.close();
        return requests;
    }

    private List<SamplePoint> points(SeriesSource source, Duration delay, PullRequest request) throws Exception {
        var function = new PullFunction(
                Runs.READER, () -> Map.of("s", new PullFunction.Client(source, Set.of(), delay)), now::get);
        function.open(new OpenContext() {});
        var answer = new Answer();
        function.asyncInvoke(request, answer);
        List<SamplePoint> points = new ArrayList<>();
        for (CanaryInput input : answer.inputs.get(60, TimeUnit.SECONDS)) {
            if (input.samples() == null) {
                assertThat(requireNonNull(input.condition())).isEmpty();
            } else {
                SampleBatch batch = Json.read(input.samples(), SampleBatch.class);
                assertThat(batch.doubts()).isNullOrEmpty();
                batch.points().forEach(point -> points.add(point.toDomain(batch.metric())));
            }
        }
        return points;
    }

    private static final class Answer implements ResultFuture<CanaryInput> {
        private final CompletableFuture<List<CanaryInput>> inputs = new CompletableFuture<>();

        @Override
        public void complete(Collection<CanaryInput> result) {
            inputs.complete(List.copyOf(result));
        }

        @Override
        public void completeExceptionally(Throwable error) {
            inputs.completeExceptionally(error);
        }

        @Override
        public void complete(CollectionSupplier<CanaryInput> supplier) {
            throw new AssertionError(supplier);
        }
    }
}
