package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.MetricConfig;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplePointsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<MetricConfig> METRICS =
            List.of(MetricConfig.Ratio.of("errors"), MetricConfig.Latency.of("duration"), MetricConfig.Gauge.of("cpu"));
    private static final CanaryRuns.Run RUN = new CanaryRuns.Run(
            "acme",
            "r1",
            new CanaryRunDocument(
                    "checkout",
                    "production",
                    null,
                    null,
                    Json.mapper().createObjectNode(),
                    "sha256:0",
                    START,
                    List.of(),
                    null));

    private static List<SampleBatch> read(String... samples) {
        String list = "[" + String.join(",", samples).replace('\'', '"') + "]";
        return new SamplePoints(RUN, METRICS, START.plusSeconds(600))
                .read(Requests.json(list.getBytes(StandardCharsets.UTF_8)));
    }

    private static String sample(String metric, String rest) {
        return "{'metric':'" + metric + "','arm':'canary','at':'2026-03-01T12:05:00+00:00'," + rest + "}";
    }

    @Test
    void eachMetricHasItsBatch_withItsPointsInTheirOrder() {
        List<SampleBatch> batches = read(
                sample("cpu", "'value':0.5"),
                sample("errors", "'count':1,'exposure':10"),
                sample("cpu", "'series':'b','value':-1"));

        assertThat(batches).extracting(SampleBatch::key).containsExactly("acme/r1/cpu", "acme/r1/errors");
        assertThat(batches.get(0).points())
                .containsExactly(
                        new SampleBatch.Point(
                                "canary", null, START.plusSeconds(300), 0.5, null, null, null, null, null, null),
                        new SampleBatch.Point(
                                "canary", "b", START.plusSeconds(300), -1.0, null, null, null, null, null, null));
    }

    @Test
    void boundsAreInOrder_andTheTotalIsTheCount() {
        SampleBatch.Point point = read(sample("duration", "'le':{'+Inf':9,'10':8,'0.5':5},'cumulative':true"))
                .get(0)
                .points()
                .get(0);

        assertThat(point.bounds()).containsExactly(0.5, 10.0);
        assertThat(point.upTo()).containsExactly(5L, 8L);
        assertThat(point.count()).isEqualTo(9.0);
        assertThat(point.exposure()).isNull();
        assertThat(point.cumulative()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"pod-1\" | pod-1",
                "\"\" | ``",
                "{} | ``",
                "{\"zone\": \"a\", \"pod\": \"x\"} | pod=\"x\",zone=\"a\"",
                "{\"pod\": \"a\\\"b\\\\c\\nd\"} | pod=\"a\\\"b\\\\c\\nd\"",
            })
    void labelsBecomeOneText_inWhateverOrderTheyAre(String json, String text) {
        assertThat(SamplePoints.series(Requests.json(json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memory | \"value\":1 | The run has no metric memory.",
                "errors | \"value\":1 | A metric of kind ratio is measured by count and exposure.",
                "cpu | \"values\":[1] | A metric of kind gauge is measured by value.",
                "duration | \"count\":1,\"exposure\":2 | A metric of kind histogram is measured by values or le.",
                "errors | \"count\":-1,\"exposure\":2 | events must be from 0 to 1e15, is -1.0.",
                "errors | \"count\":1e400,\"exposure\":2 | events must be from 0 to 1e15, is Infinity.",
                "duration | \"values\":[1,-2] | a value must be from 0 to 1e15, is -2.0.",
                "duration | \"le\":{\"0.1\":1,\"0.10\":1,\"+Inf\":2} | bounds must rise, and counts must not fall.",
                "duration | \"le\":{\"1\":3,\"+Inf\":2} | total must be from 3 to 1e15, is 2.",
            })
    void whatCannotBeIsRefused(String metric, String rest, String detail) {
        assertThatThrownBy(() -> read(sample(metric, rest)))
                .isInstanceOf(ApiException.class)
                .hasMessage(detail);
    }

    @Test
    void labelsAreNoLongerAsATextThanATextMayBe() {
        String longest = "x".repeat(1024 - "a=''".length());

        assertThat(read(sample("cpu", "'series':{'a':'" + longest + "'},'value':1")))
                .hasSize(1);
        assertThatThrownBy(() -> read(sample("cpu", "'series':{'a':'" + longest + "x'},'value':1")))
                .hasMessage("The labels must have at most 1024 characters as one text.");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T11:58:59Z, false",
        "2026-03-01T11:59:00Z, true",
        "2026-03-01T12:11:00Z, true",
        "2026-03-01T12:11:01Z, false",
        "2026-03-01T13:05:00+01:00, true"
    })
    void takesTimesFromTheStartToNow_andAMinuteBeyond(String at, boolean taken) {
        String sample = "{'metric':'cpu','arm':'baseline','at':'" + at + "','value':1}";

        if (taken) {
            assertThat(read(sample)).hasSize(1);
        } else {
            assertThatThrownBy(() -> read(sample)).isInstanceOf(ApiException.class);
        }
    }
}
