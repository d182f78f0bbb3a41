package dev.sluice.gateapi.kafka;

import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the time to each partition of some topics again and again: the progress by which a quiet system is told from a
 * stuck one. A heartbeat says that everything appended before its time stands before it; one that cannot be written is
 * left out, never queued behind another.
 */
public final class Heartbeats implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeats.class);
    private static final byte[] EMPTY_DOCUMENT = "{}".getBytes(StandardCharsets.UTF_8);

    private final List<Topic> topics;
    private final Clock clock;
    private final KafkaProducer<String, byte[]> producer;
    private final Set<TopicPartition> underWay = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "gate-api-heartbeats");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts to write.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param topics the topics
     * @param interval from one heartbeat to the next
     * @param clock the time that they carry
     */
    public Heartbeats(String bootstrap, List<Topic> topics, Duration interval, Clock clock) {
        this.topics = List.copyOf(topics);
        this.clock = clock;
        this.producer = new KafkaProducer<>(
                LogAppender.settings(bootstrap, "heartbeats", LogAppender.Limits.DEFAULT),
                new StringSerializer(),
                new ByteArraySerializer());
        var unused = timer.scheduleWithFixedDelay(this::beat, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        topics.forEach(topic -> beat(topic.topicName()));
    }

    private void beat(String topic) {
        try {
            List<PartitionInfo> partitions = producer.partitionsFor(topic);
            for (PartitionInfo partition : partitions) {
                beat(new TopicPartition(topic, partition.partition()));
            }
        } catch (KafkaException e) {
            LOGGER.atDebug().setCause(e).log("heartbeat left out");
        }
    }

    private void beat(TopicPartition place) {
        if (!underWay.add(place)) {
            return;
        }
        var record = new ProducerRecord<>(
                place.topic(), place.partition(), Keys.heartbeat(place.partition()), EMPTY_DOCUMENT);
        record.headers()
                .add(new RecordHeader(
                        RecordHeaders.HEARTBEAT, Long.toString(clock.millis()).getBytes(StandardCharsets.UTF_8)));
        boolean sent = false;
        try {
            var unused = producer.send(record, (metadata, failure) -> underWay.remove(place));
            sent = true;
        } finally {
            if (!sent) {
                underWay.remove(place);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close(Duration.ZERO);
    }
}
