package dev.sluice.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.wire.RecordHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;

class HeartbeatWatermarksTest {
    private static final long FAR_AHEAD = 9_000_000_000_000L;

    private final Output output = new Output();
    private final WatermarkGenerator<InRecord> partition = generator();

    private static WatermarkGenerator<InRecord> generator() {
        return HeartbeatWatermarks.ofRecords().createWatermarkGenerator(new Context());
    }

    private static InRecord event(long timestamp) {
        return new InRecord("sluice.raw.v1", 0, 1, timestamp, "default/shop", new byte[0], Map.of());
    }

    private static InRecord heartbeat(long at) {
        return new InRecord(
                "sluice.raw.v1",
                0,
                1,
                FAR_AHEAD,
                "~heartbeat/0",
                new byte[0],
                Map.of(RecordHeaders.HEARTBEAT, Long.toString(at)));
    }

    private void read(InRecord record) {
        partition.onEvent(record, record.timestamp(), output);
        partition.onPeriodicEmit(output);
    }

    @Test
    void noEventMovesThem() {
        read(event(1_000));
        read(event(FAR_AHEAD));

        assertThat(output.watermarks).isEmpty();
    }

    @Test
    void heartbeatMovesThemToItsTime() {
        read(heartbeat(1_000));
        read(event(FAR_AHEAD));
        read(heartbeat(2_000));

        assertThat(output.watermarks).containsExactly(1_000L, 2_000L);
    }

    @Test
    void neverGoBack() {
        read(heartbeat(2_000));
        read(heartbeat(1_000));
        read(heartbeat(2_000));
        read(heartbeat(2_001));

        assertThat(output.watermarks).containsExactly(2_000L, 2_001L);
    }

    @Test
    void passingOfTimeDoesNotMoveThem() {
        read(heartbeat(1_000));
        for (int i = 0; i < 100; i++) {
            partition.onPeriodicEmit(output);
        }

        assertThat(output.watermarks).containsExactly(1_000L);
    }

    @Test
    void quietPartitionIsNeverCalledIdle() {
        partition.onPeriodicEmit(output);
        read(heartbeat(1_000));

        assertThat(output.idle).isFalse();
    }

    @Test
    void partitionsHaveWatermarksOfTheirOwn() {
        read(heartbeat(2_000));
        generator().onEvent(heartbeat(1_000), FAR_AHEAD, output);

        assertThat(output.watermarks).containsExactly(2_000L, 1_000L);
    }

    private static final class Output implements WatermarkOutput {
        private final List<Long> watermarks = new ArrayList<>();
        private boolean idle;

        @Override
        public void emitWatermark(Watermark watermark) {
            watermarks.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
            idle = true;
        }

        @Override
        public void markActive() {
            idle = false;
        }
    }

    private static final class Context implements WatermarkGeneratorSupplier.Context {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return SystemClock.getInstance();
        }
    }
}
