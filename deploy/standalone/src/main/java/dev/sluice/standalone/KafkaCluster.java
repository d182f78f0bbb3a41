package dev.sluice.standalone;

import dev.sluice.wire.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/**
 * What must be right about a Kafka before jobs go on with their checkpoints in it.
 *
 * @param bootstrap its bootstrap servers
 * @param id its cluster id
 * @param partitions partitions by topic, of Sluice's topics
 */
record KafkaCluster(String bootstrap, String id, Map<String, Integer> partitions) {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    KafkaCluster {
        partitions = Map.copyOf(partitions);
    }

    /**
     * Asks a Kafka that has Sluice's topics.
     *
     * @throws StartException if it does not answer
     */
    static KafkaCluster ask(String bootstrap) throws InterruptedException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis() / 2);
        List<String> topics =
                Arrays.stream(Topic.values()).map(Topic::topicName).toList();
        try (Admin admin = Admin.create(settings)) {
            String id = admin.describeCluster().clusterId().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            var partitions = new TreeMap<String, Integer>();
            for (TopicDescription topic : admin.describeTopics(topics)
                    .allTopicNames()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .values()) {
                partitions.put(topic.name(), topic.partitions().size());
            }
            return new KafkaCluster(bootstrap, id, partitions);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new StartException("Kafka at %s does not answer: %s".formatted(bootstrap, reason(e)), e);
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /**
     * Requires that topics which were there already have as many partitions as the jobs are told.
     *
     * @throws StartException naming those that have not
     */
    void requirePartitions(int expected) {
        var different = new ArrayList<String>();
        new TreeMap<>(partitions).forEach((topic, count) -> {
            if (count != expected) {
                different.add("%s has %d".formatted(topic, count));
            }
        });
        if (!different.isEmpty()) {
            throw new StartException(
                    "the topics in Kafka at %s have other numbers of partitions than %d, which %s says: %s. A topic's number never changes: set the variable to what the topics have."
                            .formatted(bootstrap, expected, OtherServers.PARTITIONS, String.join(", ", different)));
        }
    }

    /**
     * Requires that a data directory belongs to this Kafka, and notes so at the first time: an offset in a checkpoint
     * means another record in another Kafka.
     *
     * @param data the directory that holds the checkpoints
     * @throws StartException if it belongs to another Kafka
     */
    void requireOwnerOf(Path data) {
        Path file = data.resolve("kafka.id");
        try {
            if (Files.notExists(file)) {
                Files.writeString(file, id + "\n");
                return;
            }
            String owner = Files.readString(file).strip();
            if (!owner.equals(id)) {
                throw new StartException(
                        "the checkpoints in %s belong to the Kafka cluster %s, but the one at %s is %s. Choose another directory with --data."
                                .formatted(data, owner, bootstrap, id));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
