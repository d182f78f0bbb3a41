package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.dora.DoraRow;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * While deployments pour in, the job's only task manager is killed again and again. A reader of the rows sees counts that
 * never go back, and at the end all of them.
 */
class DoraJobRestartIT {
    private static final int PARTITIONS = 2;
    private static final int SERVICES = 5;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    /** The one that runs; the cluster, which the tests share, counts those that it had. */
    private static int taskManager;

    @Test
    void noReaderEverSeesLess_twoKills(@InjectMiniCluster MiniCluster cluster, @TempDir Path directory)
            throws Exception {
        killAndRead(cluster, directory, 2);
    }

    @Test
    @Tag("soak")
    void noReaderEverSeesLess_twentyKills(@InjectMiniCluster MiniCluster cluster, @TempDir Path directory)
            throws Exception {
        killAndRead(cluster, directory, 20);
    }

    private static void killAndRead(MiniCluster cluster, Path directory, int kills) throws Exception {
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")))) {
            createTopics(broker.bootstrapServers());
            JobClient job = submit(broker.bootstrapServers(), directory.resolve("checkpoints"));
            try (var feeder = new Feeder(broker.bootstrapServers());
                    var reader = new Reader(broker.bootstrapServers())) {
                for (int kill = 0; kill < kills; kill++) {
                    int before = reader.total();
                    int attempt = kill + 1;
                    // rows came since the last kill, and checkpoints: the next restore goes back to one of them
                    await("rows after kill " + kill, () -> {
                        feeder.step();
                        reader.poll();
                        return reader.attempts() >= attempt && reader.total() >= before + 100;
                    });
                    cluster.terminateTaskManager(taskManager++).get(60, TimeUnit.SECONDS);
                    for (int i = 0; i < 20; i++) {
                        feeder.step();
                    }
                    cluster.startTaskManager();
                }
                await("the last row", () -> {
                    feeder.heartbeat();
                    reader.poll();
                    return reader.total() == feeder.sent;
                });
                assertThat(reader.attempts()).as("attempts seen").isGreaterThan(kills);
            } finally {
                job.cancel().get(60, TimeUnit.SECONDS);
            }
        }
    }

    private static JobClient submit(String bootstrap, Path checkpoints) throws Exception {
        var configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("execution.checkpointing.interval", "300ms");
        configuration.setString(
                "execution.checkpointing.dir", checkpoints.toUri().toString());
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "1000");
        configuration.setString("restart-strategy.fixed-delay.delay", "100ms");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        DoraJob.build(env, DoraJobConfig.of(bootstrap, PARTITIONS));
        return env.executeAsync("restart test");
    }

    private static void createTopics(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(Stream.of(Topic.values())
                            .map(topic ->
                                    new NewTopic(topic.topicName(), PARTITIONS, (short) 1).configs(topic.settings()))
                            .toList())
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** Writes a deployment a step, and heartbeats as ingest-job does. */
    private static final class Feeder implements AutoCloseable {
        private final KafkaProducer<String, byte[]> producer;
        private final Instant day = Instant.now().minus(Duration.ofDays(2));
        private volatile @Nullable Exception failed;
        private int sent;

        Feeder(String bootstrap) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap, "linger.ms", "0"),
                    new StringSerializer(),
                    new ByteArraySerializer());
        }

        void step() {
            String id = "d" + sent;
            Instant at = day.plusMillis(sent);
            var event = new DeploymentObserved(
                    new EventHeader(EventIds.of(id), "default", "test", "d-0-0", at, at),
                    DeploymentObserved.deploymentId("test", id),
                    "service-" + sent % SERVICES,
                    "production",
                    DeploymentState.SUCCESS,
                    0,
                    0,
                    null,
                    null,
                    "v" + sent,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
            send(new ProducerRecord<>(Topic.EVENTS.topicName(), EventCodec.key(event), EventCodec.encode(event)));
            sent++;
            if (sent % 10 == 0) {
                heartbeat();
            }
        }

        void heartbeat() {
            byte[] now = Long.toString(System.currentTimeMillis()).getBytes(StandardCharsets.UTF_8);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                var record = new ProducerRecord<>(
                        Topic.EVENTS.topicName(),
                        partition,
                        Keys.heartbeat(partition),
                        "{}".getBytes(StandardCharsets.UTF_8));
                record.headers().add(RecordHeaders.HEARTBEAT, now);
                send(record);
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the callback tells of a failure
        private void send(ProducerRecord<String, byte[]> record) {
            producer.send(record, (metadata, failure) -> {
                if (failure != null) {
                    failed = failure;
                }
            });
            assertThat(failed).as("sending").isNull();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** Follows the rows and checks each against the one before. */
    private static final class Reader implements AutoCloseable {
        private final KafkaConsumer<String, byte[]> consumer;
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, Long> generations = new HashMap<>();
        private int attempts;

        Reader(String bootstrap) {
            consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(List.of(
                    new TopicPartition(Topic.DORA.topicName(), 0), new TopicPartition(Topic.DORA.topicName(), 1)));
        }

        void poll() {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(1))) {
                if (record.headers().lastHeader(RecordHeaders.HEARTBEAT) == null) {
                    see(record);
                }
            }
        }

        private void see(ConsumerRecord<String, byte[]> record) {
            DoraRow row = Json.read(record.value(), DoraRow.class);
            int count = row.windows().get(0).metrics().deploymentFrequency().count();
            Integer before = counts.put(record.key(), count);
            assertThat(count).as(record.key()).isGreaterThanOrEqualTo(before == null ? 0 : before);
            long generation = Long.parseLong(new String(
                    record.headers().lastHeader(RecordHeaders.GENERATION).value(), StandardCharsets.UTF_8));
            Long generationBefore = generations.put(record.key(), generation);
            assertThat(generation).isGreaterThanOrEqualTo(generationBefore == null ? 0 : generationBefore);
            if ((generationBefore == null || generation > generationBefore)
                    && record.key().contains("service-0")) {
                attempts++;
            }
        }

        int total() {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }

        int attempts() {
            return attempts;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
