package dev.sluice.gateapi.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The partitions of a topic. */
public final class TopicPartitions {
    private TopicPartitions() {}

    /**
     * Returns the partitions of a topic. A broker that has not heard yet of a topic that was just created tells none, and to follow none would be
     * to miss all that is ever written there.
     *
     * @param consumer asks
     * @param topic the topic's name
     * @param limit how long it may take
     * @throws UnknownTopicOrPartitionException if there are none, so far
     */
    public static List<TopicPartition> of(Consumer<?, ?> consumer, String topic, Duration limit) {
        List<PartitionInfo> found = consumer.partitionsFor(topic, limit);
        if (found == null || found.isEmpty()) {
            throw new UnknownTopicOrPartitionException("topic " + topic + " is not there yet");
        }
        return found.stream()
                .map(one -> new TopicPartition(one.topic(), one.partition()))
                .toList();
    }
}
