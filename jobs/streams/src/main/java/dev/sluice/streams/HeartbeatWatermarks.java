package dev.sluice.streams;

import dev.sluice.wire.RecordHeaders;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks that carry progress: only a heartbeat moves them, never the time of an event. One generator a partition;
 * Flink takes the least, so that a stuck partition holds the watermark back and a quiet one does not.
 */
public final class HeartbeatWatermarks implements WatermarkStrategy<InRecord> {
    @Override
    public WatermarkGenerator<InRecord> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new Generator();
    }

    private static final class Generator implements WatermarkGenerator<InRecord> {
        private long newest = Long.MIN_VALUE;

        @Override
        public void onEvent(InRecord record, long timestamp, WatermarkOutput output) {
            String heartbeat = record.header(RecordHeaders.HEARTBEAT);
            if (heartbeat == null) {
                return;
            }
            long at;
            try {
                // a writer whose clock runs ahead must not claim what the broker has not seen yet
                at = Math.min(Long.parseLong(heartbeat), record.timestamp());
            } catch (NumberFormatException e) {
                return; // not ours; progress stands still until the next one
            }
            if (at > newest) {
                newest = at;
                output.emitWatermark(new Watermark(at));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            // nothing but a heartbeat moves the watermark
        }
    }
}
