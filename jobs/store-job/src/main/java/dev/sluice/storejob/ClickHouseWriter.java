package dev.sluice.storejob;

import dev.sluice.store.RowMapper;
import dev.sluice.store.Store.RefusedRow;
import dev.sluice.store.StoredRow;
import dev.sluice.store.Table;
import dev.sluice.store.TopicRecord;
import dev.sluice.storejob.state.StoreLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects rows by table and inserts them when there are many, when the oldest has waited long enough, and at a
 * checkpoint. Rows that only say how far a job has come wait for those that say more, or until it is time to write down
 * how far this one has come. While ClickHouse is away it holds what it has, takes no more, and goes on when ClickHouse is back. How
 * far it has come is written down after the rows that it speaks of. All methods and timers run in the task's thread.
 */
final class ClickHouseWriter implements SinkWriter<StoreLine> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClickHouseWriter.class);

    private final PatientStore store;
    private final ProcessingTimeService clock;
    private final ProgressKeeper progress;
    private final Limits limits;
    private final Map<Table, List<StoreLine>> buffers = new EnumMap<>(Table.class);
    private int rows;
    private boolean news;
    private long bytes;
    private long timerAt = Long.MAX_VALUE;

    ClickHouseWriter(PatientStore store, ProcessingTimeService clock, ProgressKeeper progress, Limits limits) {
        this.store = store;
        this.clock = clock;
        this.progress = progress;
        this.limits = limits;
    }

    /** Has the database brought up to date soon, also when no row comes. */
    void start() {
        awakeAt(clock.getCurrentProcessingTime());
    }

    @Override
    public void write(StoreLine line, Context context) throws InterruptedException {
        progress.passed(line);
        if (line.hasRow()) {
            buffers.computeIfAbsent(Table.valueOf(line.table()), table -> new ArrayList<>())
                    .add(line);
            rows++;
            news |= line.isNews();
            bytes += line.json().length;
            if (rows >= limits.rows() || bytes >= limits.bytes()) {
                insertRows();
            }
        }
        awakeWhenDue();
    }

    @Override
    public void writeWatermark(Watermark watermark) {
        // the end of a bounded input says nothing of progress
        if (watermark.getTimestamp() != Long.MAX_VALUE) {
            progress.reached(watermark.getTimestamp());
            awakeWhenDue();
        }
    }

    @Override
    public void flush(boolean endOfInput) throws InterruptedException {
        insertRows();
    }

    @Override
    public void close() {
        store.close();
    }

    private void onTimer(long time) throws InterruptedException {
        if (time != timerAt) {
            return; // an earlier one has done its work
        }
        timerAt = Long.MAX_VALUE;
        store.migrate();
        insertRows();
        insertProgress();
        awakeWhenDue();
    }

    private void awakeWhenDue() {
        long soon = clock.getCurrentProcessingTime() + limits.waitMillis();
        if (news) {
            awakeAt(soon);
        } else if (rows > 0 || progress.isPending()) {
            awakeAt(Math.max(soon, progress.dueAt()));
        }
    }

    // a timer that fails fails the task by itself; its future tells nothing more
    @SuppressWarnings("FutureReturnValueIgnored")
    private void awakeAt(long time) {
        if (time < timerAt) {
            timerAt = time;
            clock.registerTimer(time, this::onTimer);
        }
    }

    private void insertRows() throws InterruptedException {
        for (Map.Entry<Table, List<StoreLine>> buffer : buffers.entrySet()) {
            List<StoreLine> lines = buffer.getValue();
            if (lines.isEmpty()) {
                continue;
            }
            List<byte[]> json = lines.stream().map(StoreLine::json).toList();
            for (RefusedRow refused : store.insert(buffer.getKey(), json)) {
                keepUnreadable(buffer.getKey(), lines.get(refused.index()), refused.reason());
            }
            lines.clear();
        }
        rows = 0;
        news = false;
        bytes = 0;
    }

    private void keepUnreadable(Table table, StoreLine line, String reason) throws InterruptedException {
        LOGGER.atError()
                .addKeyValue("table", table.qualifiedName())
                .addKeyValue("topic", line.topic())
                .addKeyValue("partition", line.partition())
                .addKeyValue("offset", line.offset())
                .addKeyValue("reason", reason)
                .log("ClickHouse refuses a row; kept as unreadable");
        var record = new TopicRecord(
                line.topic(),
                line.partition(),
                line.offset(),
                Instant.ofEpochMilli(line.timestamp()),
                null,
                Map.of(),
                line.json());
        StoredRow row = RowMapper.unreadable(record, table.qualifiedName(), reason);
        List<RefusedRow> refused = store.insert(row.table(), List.of(row.json()));
        if (!refused.isEmpty()) {
            throw new IllegalStateException(
                    "ClickHouse refuses an unreadable row: " + refused.get(0).reason());
        }
    }

    private void insertProgress() throws InterruptedException {
        Map<Table, List<byte[]>> due = new EnumMap<>(Table.class);
        for (StoredRow row : progress.due(clock.getCurrentProcessingTime())) {
            due.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row.json());
        }
        for (Map.Entry<Table, List<byte[]>> table : due.entrySet()) {
            store.insert(table.getKey(), table.getValue());
        }
    }

    /**
     * How much a writer holds back.
     *
     * @param rows rows
     * @param bytes bytes of rows
     * @param waitMillis how long a row waits, in milliseconds
     */
    record Limits(int rows, long bytes, long waitMillis) {}
}
