package dev.sluice.streams;

import dev.sluice.wire.RecordHeaders;
import java.io.Serializable;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks that carry progress: only a heartbeat moves them, never the time of an event. One generator a partition;
 * Flink takes the least, so that a stuck partition holds the watermark back and a quiet one does not.
 *
 * @param <T> what the source reads
 */
public final class HeartbeatWatermarks<T> implements WatermarkStrategy<T> {
    /** Stands for the heartbeat of a record that is none. */
    public static final long NONE = -1;

    private final Time<T> heartbeat;
    private final Time<T> appendedAt;

    /**
     * Creates the strategy.
     *
     * @param heartbeat the moment that a record names as progress; {@link #NONE} if it is no heartbeat
     * @param appendedAt when the broker took the record
     */
    public HeartbeatWatermarks(Time<T> heartbeat, Time<T> appendedAt) {
        this.heartbeat = heartbeat;
        this.appendedAt = appendedAt;
    }

    /** A time of a record, in milliseconds since the epoch. */
    public interface Time<T> extends ToLongFunction<T>, Serializable {}

    /** Creates the strategy for records as they are. */
    static HeartbeatWatermarks<InRecord> ofRecords() {
        return new HeartbeatWatermarks<>(HeartbeatWatermarks::heartbeatOf, InRecord::timestamp);
    }

    private static long heartbeatOf(InRecord record) {
        String text = record.header(RecordHeaders.HEARTBEAT);
        if (text == null) {
            return NONE;
        }
        try {
            return Math.max(NONE, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return NONE; // not ours; progress stands still until the next one
        }
    }

    @Override
    public WatermarkGenerator<T> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new WatermarkGenerator<>() {
            private long newest = NONE;

            @Override
            public void onEvent(T record, long timestamp, WatermarkOutput output) {
                // a writer whose clock runs ahead must not claim what the broker has not seen yet
                long at = Math.min(heartbeat.applyAsLong(record), appendedAt.applyAsLong(record));
                if (at > newest) {
                    newest = at;
                    output.emitWatermark(new Watermark(at));
                }
            }

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                // nothing but a heartbeat moves the watermark
            }
        };
    }
}
