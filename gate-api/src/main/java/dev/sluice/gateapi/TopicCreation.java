package dev.sluice.gateapi;

import dev.sluice.gateapi.receive.WebhookReceiver;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of Sluice. */
public final class TopicCreation {
    /** A body of 1 MiB with its headers is larger than Kafka's default limit of about 1 MiB. */
    private static final int MAX_MESSAGE_BYTES = 2 << 20;

    /** The same for the raw topic, on which a webhook may have 25 MiB. */
    private static final int MAX_RAW_MESSAGE_BYTES = WebhookReceiver.MAX_BYTES + (1 << 20);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private TopicCreation() {}

    /**
     * Creates the topics that do not exist; leaves the others as they are.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param partitions partitions of each topic: 2 in standalone, 12 on clusters
     * @param replication copies of each partition: 1 in standalone, 3 on clusters
     * @throws TimeoutException if Kafka does not answer within 10 s
     * @throws IllegalStateException if Kafka refuses
     * @throws InterruptedException if the thread is interrupted
     */
    public static void create(String bootstrap, int partitions, short replication)
            throws TimeoutException, InterruptedException {
        var wanted = new ArrayList<NewTopic>();
        for (Topic topic : Topic.values()) {
            wanted.add(new NewTopic(topic.topicName(), partitions, replication).configs(settings(topic, replication)));
        }
        Map<String, Object> properties = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis() / 2,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500);
        try (Admin admin = Admin.create(properties)) {
            create(admin, wanted);
        }
    }

    private static void create(Admin admin, List<NewTopic> wanted) throws TimeoutException, InterruptedException {
        for (var creation : admin.createTopics(wanted).values().entrySet()) {
            try {
                creation.getValue().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                    var timeout = new TimeoutException("Kafka does not answer");
                    timeout.initCause(e);
                    throw timeout;
                }
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new IllegalStateException("topic " + creation.getKey() + " cannot be created", e);
                }
            }
        }
    }

    private static Map<String, String> settings(Topic topic, short replication) {
        var settings = new TreeMap<>(topic.settings());
        int largest = topic == Topic.RAW ? MAX_RAW_MESSAGE_BYTES : MAX_MESSAGE_BYTES;
        settings.putIfAbsent("max.message.bytes", Integer.toString(largest));
        if (replication > 2) {
            settings.putIfAbsent("min.insync.replicas", "2");
        }
        return settings;
    }
}
