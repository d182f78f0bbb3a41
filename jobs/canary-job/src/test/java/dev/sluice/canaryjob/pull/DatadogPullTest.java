package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.intake.BucketClock;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.pull.DatadogStandIn.Hits;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.sources.metrics.pull.Credentials;
import dev.sluice.sources.metrics.pull.DatadogSeries;
import dev.sluice.sources.metrics.pull.Endpoint;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.RequestLimits;
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

/** A run that is fed by Datadog, from its schedule to its points: each bucket has what happened within it, once, and in time. */
class DatadogPullTest {
    private static final Duration DELAY = Duration.ofSeconds(90);
    private static final Duration LENGTH = Duration.ofMinutes(5);
    private static final String CONFIG = """
            {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"}, "horizon": "5m", "bucket": "10s",
             "pod_label": "pod_name", "pull": {"source": "dd", "every": "7s", "delay": "90s"}, "metrics": [
               {"name": "errors", "kind": "ratio",
                "series": {"events": "{'shop.hits',code=~'5..',probe!='yes'}", "exposure": "{'shop.hits',probe!='yes'}"}}]}""";
    private static final BucketClock BUCKETS =
            BucketClock.of(Duration.ofSeconds(10)).withDelay(DELAY);

    private final AtomicLong now = new AtomicLong();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void eachBucketHasWhatHappenedWithinIt_once(long seed) throws Exception {
        List<Hits> truth = truth(new Random(seed));
        Map<String, Double> sums = new TreeMap<>();
        try (var datadog = new DatadogStandIn(truth, now::get)) {
            for (PullRequest request : requests()) {
                now.set(request.to() + DELAY.toMillis());
                for (SamplePoint point : points(datadog, request)) {
                    Measure.Part part = (Measure.Part) point.measure();
                    long bucket = BUCKETS.numberOf(point);
                    assertThat(point.series().pod()).as("seed %d", seed).matches("p[0-2]");
                    // it is there before the bucket is judged
                    assertThat(now.get())
                            .as("seed %d", seed)
                            .isLessThan(BUCKETS.completeAt(bucket).toEpochMilli());
                    sums.merge(
                            BUCKETS.begin(bucket) + " " + point.arm() + " " + part.role(), part.count(), Double::sum);
                }
            }
        }
        assertThat(sums).as("seed %d", seed).isEqualTo(expected(truth));
    }

    /** Hits from before the run to after it; of probes and of a version of neither arm, too. */
    private static List<Hits> truth(Random random) {
        List<Hits> truth = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            Map<String, String> tags = new TreeMap<>(Map.of(
                    "version", "" + (1 + random.nextInt(3)),
                    "code", List.of("200", "404", "500", "503").get(random.nextInt(4)),
                    "pod_name", "p" + random.nextInt(3)));
            if (random.nextInt(5) == 0) {
                tags.put("probe", random.nextBoolean() ? "yes" : "no");
            }
            long second = Runs.START.getEpochSecond() - 30 + random.nextInt(360);
            truth.add(new Hits(
                    random.nextInt(9) == 0 ? "shop.misses" : "shop.hits", tags, second, 1 + random.nextInt(9)));
        }
        return truth;
    }

    /** The sums of whole buckets of the run, from the definition. */
    private static Map<String, Double> expected(List<Hits> truth) {
        Map<String, Double> sums = new TreeMap<>();
        Instant end = Runs.START.plus(LENGTH);
        for (Hits hits : truth) {
            String version = hits.tags().getOrDefault("version", "");
            Instant begin = Instant.ofEpochSecond(hits.second() / 10 * 10);
            String arm = version.equals("1") ? "BASELINE" : "CANARY";
            if (!hits.metric().equals("shop.hits")
                    || version.equals("3")
                    || hits.tags().getOrDefault("probe", "").equals("yes")
                    || begin.isBefore(Runs.START)
                    || begin.plusSeconds(10).isAfter(end)) {
                continue;
            }
            sums.merge(begin + " " + arm + " EXPOSURE", (double) hits.count(), Double::sum);
            if (hits.tags().getOrDefault("code", "").startsWith("5")) {
                sums.merge(begin + " " + arm + " EVENTS", (double) hits.count(), Double::sum);
            }
        }
        return sums;
    }

    private static List<PullRequest> requests() throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, PullRequest>(
                new KeyedProcessOperator<>(new PullSchedule(Runs.READER)), CanaryInput::key, Types.STRING);
        harness.open();
        harness.setProcessingTime(Runs.START.toEpochMilli());
        harness.processElement(Runs.input(Runs.document(CONFIG, null)), 0);
        for (long second = 1; second <= 600; second++) {
            harness.setProcessingTime(Runs.START.plusSeconds(second).toEpochMilli());
        }
        List<PullRequest> requests = harness.extractOutputValues();
        harness.close();
        return requests;
    }

    private List<SamplePoint> points(DatadogStandIn datadog, PullRequest request) throws Exception {
        var endpoint = new Endpoint(datadog.base(), Credentials.datadog(() -> "api", () -> "app"));
        var requests = new OutgoingRequests(new RequestLimits(1 << 20));
        var function = new PullFunction(
                Runs.READER,
                () -> Map.of("dd", new PullFunction.Client(new DatadogSeries(endpoint, requests), Set.of(), DELAY)),
                now::get);
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
