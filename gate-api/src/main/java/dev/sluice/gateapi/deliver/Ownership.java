package dev.sluice.gateapi.deliver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Says of which partitions of a topic this replica takes care: those that a consumer group gives it. No record is read. Two may
 * believe it of one partition for the moment in which one of them is stuck or cut off. For one thread.
 */
public final class Ownership implements AutoCloseable {
    private static final Duration SESSION = Duration.ofSeconds(15);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Joins the others.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param group the consumer group, by which the replicas know each other
     * @param topic a topic that exists
     */
    public Ownership(String bootstrap, String group, String topic) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "gate-api-" + group,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        (int) SESSION.toMillis(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
    }

    /** Waits so long, and learns what has become of it meanwhile; to be called every few seconds, or others take over. */
    public void await(Duration pause) {
        consumer.poll(pause);
        consumer.pause(consumer.assignment());
    }

    /** Returns whether this replica takes care of no partition: it may be joining the others, which takes several steps. */
    public boolean isIdle() {
        return consumer.assignment().isEmpty();
    }

    /** Returns whether this replica takes care of a partition. */
    public boolean has(int partition) {
        return consumer.assignment().contains(new TopicPartition(topic, partition));
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
