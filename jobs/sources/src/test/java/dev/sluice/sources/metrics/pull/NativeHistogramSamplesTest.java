package dev.sluice.sources.metrics.pull;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.intake.BucketAssembler;
import dev.sluice.canary.intake.Counters;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.prometheus.RemoteWriteDecoder;
import dev.sluice.sources.metrics.prometheus.RemoteWriteVersion;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A push of native histograms, and what a Prometheus 2.42 that took it answers when it is asked for them. They are: pod a with
 * nothing, and five and ten seconds later with more; b with observations below zero; c with a bucket that is cut by what counts as
 * zero; d, coarse, with infinite ones; e, as fine as can be, with two that lie far from each other.
 */
class NativeHistogramSamplesTest {
    private static final Instant START = Instant.ofEpochSecond(1_795_985_340);
    private static final JsonNode CONFIG = Json.read("""
            {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"},
             "metrics": [{"name": "duration", "kind": "histogram", "series": {"histogram": "duration_seconds"}}]}""".getBytes(StandardCharsets.UTF_8), JsonNode.class);
    private static final CanaryConfigs.Result READ = CanaryConfigs.load().read(CONFIG, List.of());
    private static final CanaryRunDocument RUN =
            new CanaryRunDocument("checkout", "production", "1", "2", CONFIG, "sha256:0", START, List.of(), null);

    @Test
    void whatIsAskedFor_isWhatIsSent() {
        List<SamplePoint> pulled = points(pulled());
        List<SamplePoint> pushed = points(pushed());

        assertThat(pushed).hasSize(7);
        assertThat(withoutFirst(pulled)).isEqualTo(withoutFirst(pushed));
        assertThat(pulled.get(0).measure()).isEqualTo(new Measure.Distribution(List.of(), List.of(), 0, true));
    }

    @Test
    void bothGrowBetweenTheSameBounds() {
        Histogram pulled = grown(points(pulled()));
        Histogram pushed = grown(points(pushed()));

        assertThat(pulled.total()).isEqualTo(11);
        assertThat(pulled.bounds()).isEqualTo(pushed.bounds()).hasSize(34 * 8 + 1);
        assertThat(pulled.upTo()).isEqualTo(pushed.upTo());
        assertThat(List.of(0.25, 0.5, 1.0))
                .extracting(bound -> bound, pulled::countAbove)
                .containsExactly(tuple(0.25, 3L), tuple(0.5, 2L), tuple(1.0, 0L));
    }

    private static List<SamplePoint> withoutFirst(List<SamplePoint> points) {
        return points.subList(1, points.size());
    }

    private static Histogram grown(List<SamplePoint> points) {
        MetricConfig metric = requireNonNull(READ.config()).metrics().get(0);
        return ((HistogramBucket) new BucketAssembler(metric)
                        .assemble(points, new Counters(Map.of()))
                        .bucket())
                .baseline();
    }

    private static List<MetricSeries> pulled() {
        try (LocalSource source =
                LocalSource.answering(200, Deliveries.payload("prometheus/query_native_histograms.json"))) {
            var client = new PrometheusClient(source.endpoint(), new OutgoingRequests(new RequestLimits(1 << 20)));
            return Waiting.get(client.query(new MetricQuery("duration_seconds", START, START.plusSeconds(60))));
        }
    }

    private static List<MetricSeries> pushed() {
        return new RemoteWriteDecoder(new PushLimits(1 << 20, 100_000))
                .decode(
                        RemoteWriteVersion.V1,
                        Deliveries.payload("prometheus/remote_write_v1_native_histograms.snappy"))
                .series();
    }

    private static List<SamplePoint> points(List<MetricSeries> series) {
        var points =
                new SelectedPoints("acme", "r1", RUN, requireNonNull(READ.selection()), START.plusSeconds(60), 10_000);
        series.forEach(points::add);
        assertThat(points.unusable()).isZero();
        return points.batches().stream()
                .map(SampleBatch::toDomain)
                .flatMap(List::stream)
                .toList();
    }
}
