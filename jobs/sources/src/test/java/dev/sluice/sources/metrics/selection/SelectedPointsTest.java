package dev.sluice.sources.metrics.selection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectedPointsTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant NOW = START.plusSeconds(300);
    private static final Instant AT = START.plusSeconds(100);
    private static final JsonNode CONFIG = Json.read("""
            {"selectors": {"baseline": "{version=\\"1\\"}", "canary": "{version=\\"2\\"}"}, "replica_label": "replica",
             "metrics": [
               {"name": "errors", "kind": "ratio", "segment_labels": ["route", "region"],
                "series": {"events": "requests_total{code=~\\"5..\\"}", "exposure": "requests_total"}},
               {"name": "duration", "kind": "histogram", "series": {"histogram": "duration_seconds{path=\\"/\\"}"}},
               {"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}
            """.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    private static final CanarySelection SELECTION =
            requireNonNull(CanaryConfigs.load().read(CONFIG, List.of()).selection());
    private static final CanaryRunDocument RUN = new CanaryRunDocument(
            "checkout", "production", "1", "2", CONFIG, "sha256:0", START, List.of(START.plusSeconds(60)), null);

    private final SelectedPoints points = new SelectedPoints("acme", "r1", RUN, SELECTION, NOW, 10_000);

    @Test
    void aCounterMayBeEventsAndExposure() {
        points.add(series(value(AT, 7), "__name__=requests_total", "code=503", "version=2", "pod=a", "replica=r1"));
        points.add(series(value(AT, 900), "__name__=requests_total", "code=200", "version=1", "pod=b"));
        points.add(series(value(AT, 900), "__name__=other_total", "code=200", "version=1", "pod=b"));
        points.add(series(value(AT, 900), "__name__=requests_total", "code=200", "version=3", "pod=b"));

        assertThat(points.batches()).singleElement().satisfies(batch -> {
            assertThat(batch.key()).isEqualTo("acme/r1/errors");
            assertThat(batch.stages()).isEqualTo(1);
            assertThat(batch.points())
                    .containsExactly(
                            part("canary", "code=\"503\"", "a", "r1", 7, "events"),
                            part("canary", "code=\"503\"", "a", "r1", 7, "exposure"),
                            part("baseline", "code=\"200\"", "b", null, 900, "exposure"));
        });
    }

    private static SampleBatch.Point part(
            String arm, String labels, String pod, @Nullable String replica, double count, String part) {
        String version = arm.equals("canary") ? "2" : "1";
        return new SampleBatch.Point(
                arm,
                "__name__=\"requests_total\"," + labels + ",pod=\"" + pod + "\",version=\"" + version + "\"",
                pod,
                null,
                replica,
                null,
                AT,
                null,
                null,
                null,
                count,
                null,
                null,
                null,
                part,
                true);
    }

    /** Of the labels that tell segments apart, those that a series has; a metric without such labels has no segments. */
    @Test
    void labelsTellSegmentsApart() {
        points.add(series(value(AT, 7), "__name__=requests_total", "code=200", "version=2", "route=/a", "region=eu"));
        points.add(series(value(AT, 7), "__name__=requests_total", "code=200", "version=2", "route=/b"));
        points.add(series(value(AT, 1), "__name__=memory_bytes", "version=2", "route=/b"));

        assertThat(points.batches())
                .extracting(batch ->
                        batch.points().stream().map(SampleBatch.Point::segment).toList())
                .containsExactly(Arrays.asList("route=/a,region=eu", "route=/b"), Collections.singletonList(null));
    }

    @Test
    void classicHistogramsAreCountersOfTheirBounds() {
        for (String le : List.of("0.1", "5", "+Inf")) {
            points.add(series(value(AT, 3), "__name__=duration_seconds_bucket", "le=" + le, "path=/", "version=2"));
        }
        points.add(series(value(AT, 3), "__name__=duration_seconds_bucket", "le=1", "path=/other", "version=2"));
        points.add(series(value(AT, 3), "__name__=duration_seconds_count", "path=/", "version=2"));
        points.add(series(value(AT, 3), "__name__=duration_seconds_bucket", "le=large", "path=/", "version=2"));

        assertThat(points.batches().get(0).points())
                .extracting(SampleBatch.Point::part)
                .containsExactly("le=0.1", "le=5.0", "le=+Inf");
        assertThat(points.batches().get(0).points())
                .extracting(SampleBatch.Point::series)
                .containsOnly("__name__=\"duration_seconds\",path=\"/\",version=\"2\"");
    }

    @Test
    void distributionsArePoints() {
        points.add(series(
                List.of(new MetricPoint.Buckets(AT, Temporality.DELTA, null, List.of(0.1, 1.0), List.of(4.0, 6.0), 7)),
                "__name__=duration_seconds",
                "path=/",
                "version=1"));
        points.add(series(
                List.of(new MetricPoint.Exponential(
                        AT, Temporality.CUMULATIVE, null, 0, 0, 0, 1, 0, List.of(4.0, 2.0), 7)),
                "__name__=duration_seconds",
                "path=/",
                "version=2"));

        List<SampleBatch.Point> read = points.batches().get(0).points();
        assertThat(read.get(0).bounds()).containsExactly(0.1, 1.0);
        assertThat(read.get(0).upTo()).containsExactly(4L, 6L);
        assertThat(read.get(0).cumulative()).isFalse();
        assertThat(read.get(1).cumulative()).isTrue();
        assertThat(read.get(1).count()).isEqualTo(7);
        List<Double> bounds = requireNonNull(read.get(1).bounds());
        List<Long> upTo = requireNonNull(read.get(1).upTo());
        assertThat(upTo.get(bounds.indexOf(1.0))).isEqualTo(1);
        assertThat(upTo.get(bounds.indexOf(2.0))).isEqualTo(5);
        assertThat(upTo.get(bounds.indexOf(4.0))).isEqualTo(7);
    }

    @Test
    void countersSaySinceWhenTheyCount() {
        Instant start = AT.minusSeconds(50);
        points.add(series(
                List.of(
                        new MetricPoint.Value(AT.plusNanos(5_000_300), 7, Temporality.CUMULATIVE, start.plusNanos(300)),
                        new MetricPoint.Value(AT.plusSeconds(1), 7, Temporality.UNKNOWN, start),
                        new MetricPoint.Value(AT.plusSeconds(2), 7, Temporality.CUMULATIVE, null),
                        new MetricPoint.Value(AT.plusSeconds(3), 7, Temporality.DELTA, AT.plusSeconds(2))),
                "__name__=requests_total",
                "code=200",
                "version=1"));
        points.add(series(
                List.of(new MetricPoint.Exponential(
                        AT, Temporality.CUMULATIVE, start, 0, 0, 0, 1, 0, List.of(4.0, 2.0), 7)),
                "__name__=duration_seconds",
                "path=/",
                "version=2"));
        points.add(series(
                List.of(new MetricPoint.Value(AT, 1, Temporality.UNKNOWN, start)),
                "__name__=duration_seconds_bucket",
                "le=1",
                "path=/",
                "version=1"));

        assertThat(points.batches().get(0).points())
                .extracting(SampleBatch.Point::start)
                .containsExactly(start, start, null, null);
        assertThat(points.batches().get(1).points())
                .extracting(SampleBatch.Point::start)
                .containsExactly(start, start);
        assertThat(points.batches())
                .flatExtracting(SampleBatch::toDomain)
                .extracting(SamplePoint::start)
                .containsExactly(start, start, null, null, start, start);
    }

    /** OpenTelemetry's point of no duration; to the millisecond, as times are kept here. */
    @Test
    void aStartThatIsNoEarlierThanThePoint_isNotKnown() {
        points.add(series(
                List.of(
                        new MetricPoint.Value(AT, 7, Temporality.CUMULATIVE, AT),
                        new MetricPoint.Value(AT.plusNanos(900), 7, Temporality.CUMULATIVE, AT.plusNanos(100)),
                        new MetricPoint.Value(AT.plusSeconds(1), 7, Temporality.CUMULATIVE, AT.plusSeconds(9))),
                "__name__=requests_total",
                "code=200",
                "version=1"));

        assertThat(points.batches().get(0).points())
                .hasSize(3)
                .allSatisfy(point -> assertThat(point.start()).isNull());
        assertThat(points.unusable()).isZero();
    }

    @Test
    void levelsAreValues() {
        points.add(series(value(AT, -0.5), "__name__=memory_bytes", "instance=a:1", "version=1"));

        SampleBatch.Point read = points.batches().get(0).points().get(0);
        assertThat(read.value()).isEqualTo(-0.5);
        assertThat(read.pod()).isEqualTo("a:1");
        assertThat(read.target()).isEqualTo("/a:1");
        assertThat(points.unusable()).isZero();
    }

    @Test
    void whatIsNoNumberIsNoPoint() {
        points.add(series(
                List.of(value(AT, Double.NaN).get(0), new MetricPoint.Stale(AT)),
                "__name__=requests_total",
                "code=200",
                "version=1"));
        assertThat(points.batches()).isEmpty();
        assertThat(points.unusable()).isZero();
    }

    @Test
    void whatCannotBeIsCounted() {
        points.add(series(value(AT, -1), "__name__=requests_total", "code=200", "version=1"));
        points.add(series(value(AT, Double.POSITIVE_INFINITY), "__name__=memory_bytes", "version=1"));
        points.add(series(value(AT, 1.5), "__name__=duration_seconds_bucket", "le=1", "path=/", "version=1"));
        points.add(series(
                List.of(new MetricPoint.Value(AT, 5, Temporality.CUMULATIVE, null)),
                "__name__=memory_bytes",
                "version=1"));
        points.add(series(
                List.of(new MetricPoint.Value(AT, 5, Temporality.GAUGE, null)),
                "__name__=requests_total",
                "code=200",
                "version=1"));
        assertThat(points.unusable()).isEqualTo(5);
        assertThat(points.batches())
                .allSatisfy(batch -> assertThat(batch.points()).isEmpty())
                .extracting(SampleBatch::metric, SampleBatch::doubts)
                .containsExactlyInAnyOrder(
                        tuple(
                                "errors",
                                List.of(
                                        "requests_total cannot be what it is made of: a count must be from 0 to 1e15, is -1.0",
                                        "requests_total cannot be what it is made of: a level is no counter")),
                        tuple(
                                "memory",
                                List.of(
                                        "memory_bytes cannot be what it is made of: a counter is no level",
                                        "memory_bytes cannot be what it is made of: value must be from -1e100 to 1e100,"
                                                + " is Infinity")),
                        tuple(
                                "duration",
                                List.of(
                                        "duration_seconds cannot be what it is made of: requests must be a whole number,"
                                                + " are 1.5")));
    }

    /** A sender may push what is older than the run: it keeps all series at all times. */
    @Test
    void whatIsNotOfTheTimeOfTheRunIsPassedOver() {
        points.add(series(
                List.of(
                        value(START.minusMillis(1), 1).get(0),
                        value(START, 2).get(0),
                        value(NOW, 3).get(0),
                        value(NOW.plusMillis(1), 4).get(0)),
                "__name__=memory_bytes",
                "version=1"));
        assertThat(points.batches().get(0).points())
                .extracting(SampleBatch.Point::value)
                .containsExactly(2.0, 3.0);
    }

    /** An exporter beside the application is of the same pod, and read at its own times. */
    @Test
    void targetsOfAPodAreTold() {
        points.add(
                series(value(AT, 1), "__name__=memory_bytes", "version=1", "pod=a", "job=app", "instance=10.0.0.1:80"));
        points.add(series(value(AT, 1), "__name__=memory_bytes", "version=1", "pod=a"));
        assertThat(points.batches().get(0).points())
                .extracting(SampleBatch.Point::pod, SampleBatch.Point::target)
                .containsExactly(tuple("a", "app/10.0.0.1:80"), tuple("a", null));
    }

    @Test
    void soMuchIsSelectedAndNoMore() {
        var few = new SelectedPoints("acme", "r1", RUN, SELECTION, NOW, 6);
        few.add(series(value(AT, 1), "__name__=memory_bytes", "version=1"));
        MetricSeries histogram = series(
                List.of(new MetricPoint.Buckets(AT, Temporality.DELTA, null, List.of(0.1, 1.0), List.of(4.0, 6.0), 7)),
                "__name__=duration_seconds",
                "path=/",
                "version=1");
        few.add(histogram);
        assertThat(few.numbers()).isEqualTo(6);
        assertThatThrownBy(() -> few.add(histogram))
                .isInstanceOf(TooManyNumbersException.class)
                .hasMessageStartingWith("the run r1 selects too many series");
    }

    /** Between runs a config learns of its baseline, from when it was saved on; a series that both arms select is of neither. */
    @Test
    void aConfigLearnsOfItsBaselineOnly() {
        var checkout = new SampleBatch.Learner("acme", "checkout", "sha256:0");
        SelectedPoints learned = SelectedPoints.learned(checkout, SELECTION, START, NOW, 2);
        learned.add(series(value(START.minusMillis(1), 1), "__name__=memory_bytes", "version=1", "pod=a"));
        learned.add(series(value(START, 2), "__name__=memory_bytes", "version=1", "pod=a"));
        learned.add(series(value(AT, 3), "__name__=memory_bytes", "version=2", "pod=b"));
        learned.add(series(value(AT, 4), "__name__=requests_total", "version=1", "code=200", "route=/a"));
        learned.add(series(value(NOW.plusMillis(1), 5), "__name__=memory_bytes", "version=1", "pod=a"));

        assertThat(learned.batches())
                .extracting(SampleBatch::key, SampleBatch::learnedBy, SampleBatch::learned)
                .containsExactly(
                        tuple("acme/config:checkout/memory", Optional.of("checkout"), "sha256:0"),
                        tuple("acme/config:checkout/errors", Optional.of("checkout"), "sha256:0"));
        assertThat(learned.batches().get(0).points())
                .extracting(SampleBatch.Point::arm, SampleBatch.Point::value)
                .containsExactly(tuple("baseline", 2.0));
        assertThat(learned.batches().get(1).points())
                .extracting(SampleBatch.Point::segment)
                .containsOnlyNulls();
        assertThatThrownBy(() -> learned.add(series(value(AT, 1), "__name__=memory_bytes", "version=1")))
                .hasMessageStartingWith("the config checkout selects too many series");
    }

    @Test
    void nobodySelectsWhatIsTooLongToLookAt() {
        points.add(series(value(AT, 1), "__name__=memory_bytes", "version=1", "query=" + "x".repeat(4097)));
        assertThat(points.batches()).isEmpty();
    }

    @Test
    void longLabelsAreShortened() {
        points.add(series(value(AT, 1), "__name__=memory_bytes", "version=1", "query=" + "x".repeat(2000)));
        assertThat(points.batches().get(0).points().get(0).series()).matches("sha256:[0-9a-f]{64}");
    }

    private static List<MetricPoint> value(Instant at, double value) {
        return List.of(new MetricPoint.Value(at, value, Temporality.UNKNOWN, null));
    }

    private static MetricSeries series(List<? extends MetricPoint> points, String... labels) {
        var byName = new TreeMap<String, String>();
        Arrays.stream(labels).map(label -> label.split("=", 2)).forEach(label -> byName.put(label[0], label[1]));
        return new MetricSeries(byName, new ArrayList<>(points));
    }
}
