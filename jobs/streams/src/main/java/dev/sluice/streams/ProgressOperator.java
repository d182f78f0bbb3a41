package dev.sluice.streams;

import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The last operator before the sink, at parallelism 1: passes records on and says after them how far the job has come, by
 * a heartbeat in each partition of what it writes and a record on the progress topic.
 *
 * <p>One producer writes records and heartbeats in this order, so that in each partition everything derived from what was
 * received before a heartbeat's time stands before the heartbeat.
 */
public final class ProgressOperator extends AbstractStreamOperator<OutRecord>
        implements OneInputStreamOperator<OutRecord, OutRecord> {
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final long STEP_MILLIS = 500;

    private final String job;
    private final List<Topic> topics;
    private final int partitions;
    private transient long published;
    private transient long generation;

    /**
     * Creates the operator.
     *
     * @param job the job's name on the progress topic
     * @param topics what the job writes
     * @param partitions how many partitions each of them has
     */
    public ProgressOperator(String job, List<Topic> topics, int partitions) {
        this.job = job;
        this.topics = List.copyOf(topics);
        this.partitions = partitions;
    }

    @Override
    public void open() throws Exception {
        super.open();
        published = Long.MIN_VALUE;
        generation = getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void processElement(StreamRecord<OutRecord> element) {
        output.collect(element);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark);
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            publish(mark.getTimestamp());
        }
    }

    private void publish(long at) {
        if (published != Long.MIN_VALUE && at - published < STEP_MILLIS) {
            return;
        }
        published = at;
        Map<String, String> headers = Map.of(RecordHeaders.HEARTBEAT, Long.toString(at));
        for (int partition = 0; partition < partitions; partition++) {
            for (Topic topic : topics) {
                emit(new OutRecord(topic.topicName(), partition, Keys.heartbeat(partition), EMPTY_OBJECT, headers));
            }
            var progress = new Progress(job, partition, Instant.ofEpochMilli(at), generation);
            emit(new OutRecord(
                    Topic.PROGRESS.topicName(), OutRecord.BY_KEY, progress.key(), Json.bytes(progress), Map.of()));
        }
    }

    private void emit(OutRecord record) {
        output.collect(new StreamRecord<>(record));
    }
}
