package dev.sluice.sources.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.sources.metrics.AnyPush;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that Prometheus 2.42 sent, and one of version 2 composed by protoc. */
class RemoteWriteSamplesTest {
    private static final String MIXED = "remote_write_v2_mixed.snappy";
    private static final Instant EARLIER = Instant.parse("2026-03-04T10:00:00Z");
    private static final Instant LATER = EARLIER.plusSeconds(15);

    @Test
    void readsTwoHundredSeries() throws IOException {
        RemoteWritePush push = v1("remote_write_v1_200_series_exemplars.snappy");

        assertThat(push.series()).hasSize(200);
        assertThat(push.samples()).isEqualTo(200);
        assertThat(push.histograms()).isZero();
        assertThat(push.exemplars()).isZero();
        assertThat(push.series().stream().map(MetricSeries::name).distinct()).hasSize(123);
        MetricSeries second = push.series().get(1);
        assertThat(second.labels())
                .isEqualTo(Map.of(
                        "__name__", "prometheus_rule_group_iterations_total",
                        "cluster", "eu-1",
                        "instance", "127.0.0.1:19090",
                        "job", "prometheus",
                        "rule_group", "run/rules.yml;checkout",
                        "service", "checkout",
                        "version", "v2"));
        assertThat(second.points())
                .containsExactly(
                        new MetricPoint.Value(Instant.ofEpochMilli(1_795_383_720_204L), 7, Temporality.UNKNOWN, null));
    }

    @Test
    void readsTheSeriesOfAlerts() throws IOException {
        RemoteWritePush push = v1("remote_write_v1_alerts_series.snappy");

        assertThat(push.series()).extracting(MetricSeries::name).containsExactly("ALERTS", "ALERTS_FOR_STATE");
        assertThat(push.series().get(1).points())
                .containsExactly(new MetricPoint.Value(
                        Instant.ofEpochMilli(1_795_383_715_303L), 1_795_383_713, Temporality.UNKNOWN, null));
    }

    @Test
    void takesMetadataAlone() throws IOException {
        assertThat(v1("remote_write_v1_metadata_only.snappy")).isEqualTo(new RemoteWritePush(List.of(), 0, 0, 0));
    }

    @Test
    void refusesTheSampleOfVersion2_whoseHistogramCountsLessThanItHas() throws IOException {
        byte[] body = Pushes.resource(MIXED);

        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> Pushes.DECODER.decode(RemoteWriteVersion.V2, body))
                .withMessage("has 54.0 in its buckets, and 50.0 in all")
                .extracting(MalformedPushException::pointer)
                .isEqualTo("/timeseries/2/histograms/0/count");
    }

    @Test
    void readsTheSampleOfVersion2_whenItsCountIsRight() throws IOException {
        RemoteWritePush push = Pushes.DECODER.decode(RemoteWriteVersion.V2, Pushes.block(mixed()));

        assertThat(push.samples()).isEqualTo(3);
        assertThat(push.histograms()).isEqualTo(1);
        assertThat(push.exemplars()).isEqualTo(1);
        assertThat(push.series()).hasSize(3);
        Instant start = Instant.ofEpochMilli(1_772_618_000_000L);
        assertThat(push.series().get(0).labels())
                .isEqualTo(Map.of(
                        "__name__", "http_requests_total", "code", "500", "job", "checkout", "version", "1.4.3"));
        assertThat(push.series().get(0).points())
                .containsExactly(
                        new MetricPoint.Value(EARLIER, 17, Temporality.UNKNOWN, start),
                        new MetricPoint.Value(LATER, 19, Temporality.UNKNOWN, start));
        assertThat(push.series().get(1).points()).containsExactly(new MetricPoint.Stale(LATER));
        assertThat(push.series().get(2).points())
                .containsExactly(new MetricPoint.Exponential(
                        LATER,
                        Temporality.CUMULATIVE,
                        null,
                        2,
                        1e-128,
                        0,
                        4,
                        -14,
                        List.of(4.0, 4.0, 16.0, 0.0, 0.0, 20.0, 6.0),
                        54));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedBodies_areUnderstoodOrRefused(long seed) throws IOException {
        byte[] v1 = Pushes.resource("remote_write_v1_alerts_series.snappy");
        byte[] v2 = Pushes.block(mixed());
        AnyPush.check(seed, v1, body -> Pushes.DECODER.decode(RemoteWriteVersion.V1, body));
        AnyPush.check(seed, v2, body -> Pushes.DECODER.decode(RemoteWriteVersion.V2, body));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedMessages_areUnderstoodOrRefused(long seed) throws IOException {
        byte[] v1 = SnappyBlock.inflate(Pushes.resource("remote_write_v1_alerts_series.snappy"), 1 << 20);
        byte[] v2 = mixed();
        AnyPush.check(seed, v1, message -> Pushes.DECODER.decode(RemoteWriteVersion.V1, Pushes.block(message)));
        AnyPush.check(seed, v2, message -> Pushes.DECODER.decode(RemoteWriteVersion.V2, Pushes.block(message)));
    }

    /** Returns the message of version 2, the count of its histogram made to be that of its buckets. */
    private static byte[] mixed() throws IOException {
        byte[] message = SnappyBlock.inflate(Pushes.resource(MIXED), 1 << 20);
        byte[] countAndTagOfSum = {0x08, 50, 0x19};
        for (int i = 0; i < message.length - 3; i++) {
            if (Arrays.equals(message, i, i + 3, countAndTagOfSum, 0, 3)) {
                message[i + 1] = 54;
                return message;
            }
        }
        throw new AssertionError("the sample has no histogram of 50");
    }

    private static RemoteWritePush v1(String name) throws IOException {
        return Pushes.DECODER.decode(RemoteWriteVersion.V1, Pushes.resource(name));
    }
}
