package dev.sluice.storejob;

import dev.sluice.storejob.state.StoreLine;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks that carry progress: a partition's watermark is the time of its newest heartbeat, and nothing else moves
 * it. Flink takes the least of all partitions, so that one that is stuck holds the whole back.
 */
final class HeartbeatWatermarks implements WatermarkStrategy<StoreLine> {
    @Override
    public WatermarkGenerator<StoreLine> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new WatermarkGenerator<>() {
            private long newest = StoreLine.NONE;

            @Override
            public void onEvent(StoreLine line, long timestamp, WatermarkOutput output) {
                // a writer whose clock runs ahead must not claim what the broker has not seen yet
                long at = Math.min(line.heartbeat(), line.timestamp());
                if (at > newest) {
                    newest = at;
                    output.emitWatermark(new Watermark(newest));
                }
            }

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                // a heartbeat has been passed on when it came
            }
        };
    }
}
