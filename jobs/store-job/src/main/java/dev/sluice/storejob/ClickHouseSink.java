package dev.sluice.storejob;

import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.storejob.state.StoreLine;
import java.time.Duration;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes rows to ClickHouse at least once; the tables make of it exactly once. See {@link ClickHouseWriter}.
 */
final class ClickHouseSink implements Sink<StoreLine> {
    private final ClickHouseSettings clickHouse;
    private final int maxRows;
    private final long maxBytes;
    private final Duration flushInterval;
    private final long generation;

    /**
     * Creates the sink.
     *
     * @param config limits and where ClickHouse is
     * @param generation start of the job, in milliseconds since the epoch
     */
    ClickHouseSink(StoreJobConfig config, long generation) {
        this.clickHouse = config.clickHouse();
        this.maxRows = config.maxRows();
        this.maxBytes = config.maxBytes();
        this.flushInterval = config.flushInterval();
        this.generation = generation;
    }

    @Override
    public SinkWriter<StoreLine> createWriter(WriterInitContext context) {
        var progress = new ProgressKeeper(
                generation,
                context.getTaskInfo().getIndexOfThisSubtask(),
                context.getTaskInfo().getNumberOfParallelSubtasks());
        var writer = new ClickHouseWriter(
                new PatientStore(Store.of(clickHouse), context.metricGroup()),
                context.getProcessingTimeService(),
                progress,
                new ClickHouseWriter.Limits(maxRows, maxBytes, flushInterval.toMillis()));
        writer.start();
        return writer;
    }
}
