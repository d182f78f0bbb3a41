package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerIT {
    private static final TopicPartition PARTITION = new TopicPartition("deployments", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void recordsOffsetsAndClusterId_surviveStopAndStartOnTheSamePort(@TempDir Path directory) throws Exception {
        String clusterId;
        int port;
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory))) {
            port = broker.port();
            clusterId = clusterId(broker.bootstrapServers());
            createTopic(broker.bootstrapServers());
            produce(broker.bootstrapServers(), values(0, 100));
            commit(broker.bootstrapServers(), 42);
        }

        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory).withPort(port))) {
            produce(broker.bootstrapServers(), values(100, 110));

            assertThat(broker.port()).isEqualTo(port);
            assertThat(clusterId(broker.bootstrapServers())).isEqualTo(clusterId);
            assertThat(consume(broker.bootstrapServers(), 110)).isEqualTo(values(0, 110));
            assertThat(committed(broker.bootstrapServers())).isEqualTo(42);
        }
    }

    @Test
    void topicsWithoutSettings_haveTheConfiguredPartitionsAndKeepTheirRecords(@TempDir Path directory)
            throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, PARTITION.topic());
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory).withPartitions(3));
                var admin = admin(broker.bootstrapServers())) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), Optional.empty(), Optional.empty())))
                    .all()
                    .get();

            Map<ConfigResource, Config> settings =
                    admin.describeConfigs(List.of(topic)).all().get();
            Map<String, TopicDescription> descriptions = admin.describeTopics(List.of(PARTITION.topic()))
                    .allTopicNames()
                    .get();
            assertThat(settings.values())
                    .singleElement()
                    .satisfies(config -> assertThat(config.entries())
                            .extracting(ConfigEntry::name, ConfigEntry::value)
                            .contains(tuple("retention.ms", "-1"), tuple("retention.bytes", "-1")));
            assertThat(descriptions.values())
                    .singleElement()
                    .satisfies(
                            description -> assertThat(description.partitions()).hasSize(3));
        }
    }

    @Test
    void topics_areNotCreatedByUse(@TempDir Path directory) {
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory));
                var admin = admin(broker.bootstrapServers())) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("mistyped"))
                            .allTopicNames()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void acknowledgedRecords_surviveAKill(@TempDir Path directory) throws Exception {
        String clusterId;
        Process process = startProcess(directory);
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String servers = output.readLine();
            assertThat(servers).as("address of the child broker").isNotNull();
            clusterId = clusterId(servers);
            createTopic(servers);
            produce(servers, values(0, 1000));
            process.destroyForcibly();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory))) {
            produce(broker.bootstrapServers(), values(1000, 1001));

            assertThat(clusterId(broker.bootstrapServers())).isEqualTo(clusterId);
            assertThat(consume(broker.bootstrapServers(), 1001)).isEqualTo(values(0, 1001));
        }
    }

    @Test
    void takenPort_isNamedBeforeAnythingStarts(@TempDir Path directory) throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = KafkaBrokerConfig.in(directory.resolve("broker")).withPort(other.getLocalPort());

            assertThatThrownBy(() -> KafkaBroker.start(config))
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(other.getLocalPort()))
                    .hasMessageContaining(Integer.toString(other.getLocalPort()))
                    .hasMessageContaining("Kafka broker");
            assertThat(directory.resolve("broker")).doesNotExist();
        }
    }

    @Test
    void usedDirectory_isRefused(@TempDir Path directory) throws Exception {
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory))) {
            assertThatThrownBy(() -> KafkaBroker.start(KafkaBrokerConfig.in(directory)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.toString());

            assertThat(clusterId(broker.bootstrapServers())).isNotEmpty();
        }
    }

    private static Process startProcess(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaBrokerProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static void createTopic(String servers) throws Exception {
        try (var admin = admin(servers)) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static String clusterId(String servers) throws Exception {
        try (var admin = admin(servers)) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static void produce(String servers, List<String> values) throws Exception {
        try (var producer = producer(servers)) {
            var acknowledgements = values.stream()
                    .map(value -> producer.send(new ProducerRecord<>(PARTITION.topic(), 0, "key", value)))
                    .toList();
            for (var acknowledgement : acknowledgements) {
                acknowledgement.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(String servers, int count) {
        try (var consumer = consumer(servers)) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            var values = new ArrayList<String>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (values.size() < count && System.nanoTime() - deadline < 0) {
                for (var received : consumer.poll(Duration.ofMillis(100))) {
                    values.add(received.value());
                }
            }
            return values;
        }
    }

    private static void commit(String servers, long offset) {
        try (var consumer = consumer(servers)) {
            consumer.assign(List.of(PARTITION));
            consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset)));
        }
    }

    private static long committed(String servers) throws Exception {
        try (var admin = admin(servers)) {
            var offset = admin.listConsumerGroupOffsets("readers")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(PARTITION);
            return Objects.requireNonNull(offset, "committed offset").offset();
        }
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    private static KafkaProducer<String, String> producer(String servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"), new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String servers) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", "readers", "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
