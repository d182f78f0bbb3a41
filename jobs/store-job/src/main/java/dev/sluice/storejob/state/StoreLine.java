package dev.sluice.storejob.state;

import static java.util.Objects.requireNonNull;

import dev.sluice.store.Table;
import dev.sluice.streams.HeartbeatWatermarks;

/**
 * One row of a Kafka record on its way to ClickHouse, or the news that a record without a row was passed.
 *
 * @param topic the record's topic
 * @param partition its partition
 * @param offset its offset
 * @param timestamp its timestamp, in milliseconds since the epoch
 * @param heartbeat the progress that it carries, in milliseconds since the epoch; {@link #NONE} without
 * @param table name of the constant of {@code dev.sluice.store.Table}; empty without a row
 * @param json the row; empty without
 */
public record StoreLine(
        String topic, int partition, long offset, long timestamp, long heartbeat, String table, byte[] json) {
    /** Stands for a heartbeat that is not there. */
    public static final long NONE = HeartbeatWatermarks.NONE;

    public StoreLine {
        requireNonNull(topic, "topic");
        requireNonNull(table, "table");
        requireNonNull(json, "json");
    }

    /** Returns whether there is a row. */
    public boolean hasRow() {
        return !table.isEmpty();
    }

    /** Returns whether there is a row that somebody may wait for: any but one that only says how far a job has come. */
    public boolean isNews() {
        return hasRow() && !table.equals(Table.JOB_PROGRESS.name());
    }
}
