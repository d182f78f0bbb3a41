package dev.sluice.gateapi.report.digest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which one of several replicas does something: the one to which a consumer group gives the first partition of a topic.
 * No record is read. Two may believe it for the moment in which one of them is stuck or cut off. For one thread.
 */
final class Leadership implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leadership.class);
    private static final Duration SESSION = Duration.ofSeconds(15);
    private static final Duration JOINING = Duration.ofSeconds(1);

    private final TopicPartition decisive;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Joins the others.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param group the consumer group, by which the replicas know each other
     * @param topic a topic that exists
     */
    Leadership(String bootstrap, String group, String topic) {
        this.decisive = new TopicPartition(topic, 0);
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

    /** Returns whether it is this one; ask every few seconds, or another one takes over. */
    boolean held() {
        try {
            // who has no partition may be joining the others, which takes several steps
            consumer.poll(consumer.assignment().isEmpty() ? JOINING : Duration.ZERO);
            consumer.pause(consumer.assignment());
            return consumer.assignment().contains(decisive);
        } catch (KafkaException e) {
            LOGGER.atWarn().setCause(e).log("not known which replica it is");
            return false;
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
