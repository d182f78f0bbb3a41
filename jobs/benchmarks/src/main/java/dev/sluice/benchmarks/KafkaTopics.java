package dev.sluice.benchmarks;

import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Creates and reads topics of one broker, each of two partitions. */
final class KafkaTopics {
    static final int PARTITIONS = 2;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LIMIT_SECONDS = 60;

    private final String bootstrap;

    KafkaTopics(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** Creates all topics of Sluice. */
    void createAll() throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Map<String, String>> settings = new HashMap<>();
        for (Topic topic : Topic.values()) {
            settings.put(topic.topicName(), topic.settings());
        }
        create(settings);
    }

    /** Creates topics with their settings. */
    void create(Map<String, Map<String, String>> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(topics.entrySet().stream()
                            .map(topic -> new NewTopic(topic.getKey(), PARTITIONS, (short) 1).configs(topic.getValue()))
                            .toList())
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Returns the next offsets of topics. */
    Map<TopicPartition, Long> ends(List<String> topics) {
        try (var consumer = consumer()) {
            return consumer.endOffsets(partitions(topics));
        }
    }

    /** Reads from these offsets to what is the end now. */
    void read(Map<TopicPartition, Long> from, Consumer<ConsumerRecord<String, byte[]>> reader) {
        try (var consumer = consumer()) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(from.keySet()));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(reader);
            }
        }
    }

    /** Returns who reads topics from their beginning on. */
    KafkaConsumer<String, byte[]> reader(List<String> topics) {
        var consumer = consumer();
        consumer.assign(partitions(topics));
        return consumer;
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(List<String> topics) {
        return topics.stream()
                .flatMap(topic ->
                        IntStream.range(0, PARTITIONS).mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
    }
}
