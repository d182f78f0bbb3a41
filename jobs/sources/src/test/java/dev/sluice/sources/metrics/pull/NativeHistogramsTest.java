package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeHistogramsTest {
    private static final Instant AT = Instant.ofEpochMilli(1_795_384_092_250L);

    @Test
    void theSchemaIsThatOfTheBuckets_andTheGapsAreFilled() {
        assertThat(read("12", """
                [3, "-0.001", "0.001", "5"], [0, "0.5", "0.7071067811865475", "4"], [0, "0.7071067811865475", "1", "1"],
                [0, "2.82842712474619", "4", "2"]"""))
                .isEqualTo(exponential(1, 0.001, 0, 5, -2, List.of(4.0, 1.0, 0.0, 0.0, 0.0, 2.0), 12));
    }

    @Test
    void bucketsBelowZero_areAddedUp() {
        assertThat(read("9", """
                [1, "-4", "-2", "1"], [1, "-1", "-0.5", "2"], [3, "-0", "0", "3"], [0, "1", "2", "3"]""")).isEqualTo(exponential(0, 0, 3, 3, 0, List.of(3.0), 9));
    }

    @Test
    void whatIsInNoBucket_isInTheTotal() {
        assertThat(read("4", """
                [0, "1", "2", "1"], [0, "4.49423283715579e+307", "8.98846567431158e+307", "1"],
                [0, "1.7976931348623157e+308", "+Inf", "1"]""")).isInstanceOfSatisfying(MetricPoint.Exponential.class, point -> {
            assertThat(point.scale()).isZero();
            assertThat(point.counts()).hasSize(1023).startsWith(1.0, 0.0).endsWith(0.0, 1.0);
            assertThat(point.total()).isEqualTo(4);
        });
    }

    @Test
    void theFirstBucketMayBeCutByWhatCountsAsZero() {
        assertThat(read("3", "[0, \"0.8\", \"1\", \"1\"], [0, \"1\", \"1.414213562373095\", \"2\"]"))
                .isEqualTo(exponential(1, 0.8, 0, 0, -1, List.of(1.0, 2.0), 3));
    }

    @Test
    void bucketsFinerThanWhatIsCountedBetweenAreJoined() {
        assertThat(read("7", """
                [0, "1", "1.0442737824274138", "1"], [0, "1.0442737824274138", "1.0905077326652577", "2"],
                [0, "1.241857812073484", "1.2968395546510096", "4"]""")).isEqualTo(exponential(3, 0, 0, 0, 0, List.of(3.0, 0.0, 4.0), 7));
    }

    @Test
    void fractionsAreKept() {
        assertThat(read(
                        "3.75",
                        "[3, \"-0.5\", \"0.5\", \"0.5\"], [0, \"1\", \"2\", \"1.25\"], [0, \"2\", \"4\", \"2\"]"))
                .isEqualTo(exponential(0, 0.5, 0, 0.5, 0, List.of(1.25, 2.0), 3.75));
    }

    @Test
    void ofNothing_nothingIsOfAnySize() {
        MetricPoint nothing = totalOnly(0);

        assertThat(point("[1795384092.25, {\"count\": \"0\", \"sum\": \"0\"}]")).isEqualTo(nothing);
        assertThat(read("0", "")).isEqualTo(nothing);
    }

    /** Where the bounds of empty buckets are is not told. */
    @Test
    void ofCustomBuckets_onlyTheTotalIsKnown() {
        assertThat(read("6", "[3, \"-Inf\", \"0.1\", \"2\"], [0, \"0.5\", \"1\", \"3\"], [0, \"1\", \"+Inf\", \"1\"]"))
                .isEqualTo(totalOnly(6));
        assertThat(read("3", "[0, \"0.1\", \"0.3\", \"3\"]")).isEqualTo(totalOnly(3));
        assertThat(read("3", "[0, \"5\", \"+Inf\", \"3\"]")).isEqualTo(totalOnly(3));
        assertThat(read("4", "[0, \"1\", \"2\", \"3\"], [0, \"4\", \"16\", \"1\"]"))
                .isEqualTo(totalOnly(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/1/count     | {\"count\": \"-1\", \"sum\": \"0\"}",
                "/1/count     | {\"count\": \"NaN\", \"sum\": \"0\"}",
                "/1/count     | {\"count\": \"+Inf\", \"sum\": \"0\"}",
                "/1/count     | {\"count\": \"many\", \"sum\": \"0\"}",
                "/1/count     | {\"count\": 3, \"sum\": \"0\"}",
                "/1/count     | {\"count\": \"1e16\", \"sum\": \"0\"}",
                "/1/count     | {\"sum\": \"0\"}",
                "/1/sum       | {\"count\": \"0\"}",
                "/1/sum       | {\"count\": \"0\", \"sum\": \"much\"}",
                "/1           | []",
                "/1           | null",
                "/1/buckets   | {\"count\": \"0\", \"sum\": \"0\", \"buckets\": {}}",
            })
    void otherHistograms_areRefused(String pointer, String histogram) {
        refuses(pointer, "[1795384092.25, " + histogram + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/1/buckets/0/3 | [0, \"1\", \"2\", \"-1\"]",
                "/1/buckets/0/3 | [0, \"1\", \"2\", \"NaN\"]",
                "/1/buckets/0/3 | [0, \"1\", \"2\", \"few\"]",
                "/1/buckets/0/3 | [0, \"1\", \"2\", 3]",
                "/1/buckets/0/0 | [4, \"1\", \"2\", \"1\"]",
                "/1/buckets/0/0 | [-1, \"1\", \"2\", \"1\"]",
                "/1/buckets/0/0 | [\"0\", \"1\", \"2\", \"1\"]",
                "/1/buckets/0/1 | [0, \"one\", \"2\", \"1\"]",
                "/1/buckets/0   | [0, \"2\", \"1\", \"1\"]",
                "/1/buckets/0   | [0, \"1\", \"1\", \"1\"]",
                "/1/buckets/0   | [0, \"NaN\", \"1\", \"1\"]",
                "/1/buckets/0   | [0, \"1\", \"2\"]",
                "/1/buckets/0   | {}",
                "/1/buckets/0   | [2, \"1\", \"2\", \"1\"]",
                "/1/buckets/0   | [1, \"1\", \"2\", \"1\"]",
                "/1/buckets/0   | [3, \"1\", \"2\", \"1\"]",
                "/1/buckets/1   | [3, \"-Inf\", \"+Inf\", \"1\"], [1, \"+Inf\", \"+Inf\", \"1\"]",
                "/1/buckets/1   | [0, \"2\", \"4\", \"1\"], [0, \"1\", \"2\", \"1\"]",
                "/1/buckets/1   | [0, \"1\", \"2\", \"1\"], [0, \"1\", \"2\", \"1\"]",
                "/1/buckets/1   | [0, \"1\", \"4\", \"1\"], [0, \"2\", \"4\", \"1\"]",
                "/1/buckets/1   | [3, \"-1\", \"1\", \"1\"], [3, \"1\", \"2\", \"1\"]",
                "/1             | [0, \"1\", \"2\", \"5\"], [0, \"2\", \"4\", \"5\"]",
            })
    void otherBuckets_areRefused(String pointer, String buckets) {
        refuses(pointer, pair("9", buckets));
    }

    @Test
    void gapsAreLimited_beforeThereIsMemoryForThem() {
        var histograms = new NativeHistograms();
        String wide = pair("2", """
                [0, "2.938735877055719e-39", "2.946703598318315e-39", "1"],
                [0, "1.0715086071862673e+301", "1.0744137617390087e+301", "1"]""");
        int size = (1000 + 128) * 8 + 1;
        for (int i = 0; i < 8_000_000 / (size - 2); i++) {
            assertThat(((MetricPoint.Exponential) histograms.point(place(wide))).counts())
                    .hasSize(size);
        }

        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(() -> histograms.point(place(wide)))
                .withMessageContaining("more than 8000000 empty buckets together");
    }

    private static MetricPoint read(String total, String buckets) {
        return point(pair(total, buckets));
    }

    private static MetricPoint point(String pair) {
        return new NativeHistograms().point(place(pair));
    }

    private static String pair(String total, String buckets) {
        return "[1795384092.25, {\"count\": \"%s\", \"sum\": \"4.5\", \"buckets\": [%s]}]".formatted(total, buckets);
    }

    private static Place place(String json) {
        return new Place(Json.read(json.getBytes(UTF_8), JsonNode.class), "");
    }

    private static MetricPoint totalOnly(double total) {
        return new MetricPoint.Buckets(AT, Temporality.UNKNOWN, null, List.of(), List.of(), total);
    }

    private static MetricPoint exponential(
            int schema,
            double zeroThreshold,
            double belowZero,
            double zeroCount,
            int offset,
            List<Double> counts,
            double total) {
        return new MetricPoint.Exponential(
                AT, Temporality.UNKNOWN, null, schema, zeroThreshold, belowZero, zeroCount, offset, counts, total);
    }

    private static void refuses(String pointer, String pair) {
        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(() -> point(pair))
                .extracting(rejection -> rejection.outcome().pointer())
                .isEqualTo(pointer);
    }
}
