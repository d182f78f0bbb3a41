package dev.sluice.storejob;

import dev.sluice.storejob.state.StoreLine;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** For topics without heartbeats: says at once that no progress will come from here, so that nobody waits for it. */
final class NoWatermarks implements WatermarkStrategy<StoreLine> {
    @Override
    public WatermarkGenerator<StoreLine> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new WatermarkGenerator<>() {
            @Override
            public void onEvent(StoreLine line, long timestamp, WatermarkOutput output) {
                // no record of these topics carries progress
            }

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                output.markIdle();
            }
        };
    }
}
