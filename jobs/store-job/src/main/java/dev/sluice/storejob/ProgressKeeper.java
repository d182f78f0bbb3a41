package dev.sluice.storejob;

import dev.sluice.store.RowMapper;
import dev.sluice.store.StoredRow;
import dev.sluice.storejob.state.StoreLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far one writer has come: the newest watermark and the next offset of each partition. Says when it is time to
 * write that down: at most once a second until what is written down covers every row that came, then every 5 s, since
 * nobody waits for it. Not safe for several threads.
 */
final class ProgressKeeper {
    static final long INTERVAL_MILLIS = 1000;
    static final long QUIET_INTERVAL_MILLIS = 5000;

    private final long generation;
    private final int writer;
    private final int writers;
    private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
    private long through = StoreLine.NONE;
    private long writtenThrough = StoreLine.NONE;
    private long newestRow = StoreLine.NONE;
    private long writtenAt;
    private long offsetsWrittenAt;
    private boolean rowsSinceOffsets;

    ProgressKeeper(long generation, int writer, int writers) {
        this.generation = generation;
        this.writer = writer;
        this.writers = writers;
    }

    /** Takes note of a record that was taken over, with a row or without. */
    void passed(StoreLine line) {
        nextOffsets.merge(new TopicPartition(line.topic(), line.partition()), line.offset() + 1, Math::max);
        if (line.isNews()) {
            newestRow = Math.max(newestRow, line.timestamp());
            rowsSinceOffsets = true;
        }
    }

    /** Takes note that everything received before this moment was taken over. */
    void reached(long millis) {
        through = Math.max(through, millis);
    }

    /** Returns whether there is anything to write down, now or later. */
    boolean isPending() {
        return through > writtenThrough || !nextOffsets.isEmpty();
    }

    /** Returns when the next rows may be written down, in milliseconds since the epoch. */
    long dueAt() {
        boolean covered = newestRow < writtenThrough;
        return writtenAt + (covered ? QUIET_INTERVAL_MILLIS : INTERVAL_MILLIS);
    }

    /**
     * Returns the rows that write down what has come to pass; empty if it is not time. Everything that was noted must
     * be stored before these are.
     *
     * @param now the time, in milliseconds since the epoch
     */
    List<StoredRow> due(long now) {
        if (!isPending() || now < dueAt()) {
            return List.of();
        }
        List<StoredRow> rows = new ArrayList<>();
        if (rowsSinceOffsets || now >= offsetsWrittenAt + QUIET_INTERVAL_MILLIS) {
            nextOffsets.forEach(
                    (partition, next) -> rows.add(RowMapper.offset(partition.topic(), partition.partition(), next)));
            nextOffsets.clear();
            offsetsWrittenAt = now;
            rowsSinceOffsets = false;
        }
        if (through > writtenThrough) {
            rows.add(RowMapper.progress(generation, writer, writers, Instant.ofEpochMilli(through)));
            writtenThrough = through;
        }
        writtenAt = now;
        return rows;
    }

    private record TopicPartition(String topic, int partition) {}
}
