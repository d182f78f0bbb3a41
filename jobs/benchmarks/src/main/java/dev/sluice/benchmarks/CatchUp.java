package dev.sluice.benchmarks;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose topic of events holds a history, and a Flink cluster beside it, both in this process. A run begins when
 * the first source task runs and ends with the last record that the job writes before it says that it has come to the end.
 */
final class CatchUp implements AutoCloseable {
    static final int PARALLELISM = 2;
    static final List<Topic> OUTPUTS = List.of(Topic.DORA, Topic.PERIODS, Topic.CURRENT, Topic.FACTS);

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration HEARTBEAT = Duration.ofMillis(100);
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);

    private final KafkaBroker broker;
    private final KafkaTopics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final FlinkCluster cluster;
    private final long eventBytes;
    private final int events;
    private volatile @Nullable Exception sendFailure;

    private CatchUp(
            KafkaBroker broker,
            KafkaProducer<String, byte[]> producer,
            FlinkCluster cluster,
            List<DeliveryEvent> history)
            throws Exception {
        this.broker = broker;
        this.producer = producer;
        this.cluster = cluster;
        this.topics = new KafkaTopics(broker.bootstrapServers());
        topics.createAll();
        this.eventBytes = fill(history);
        this.events = history.size();
    }

    /** Starts both and writes the history. */
    static CatchUp over(List<DeliveryEvent> history, Path directory) throws Exception {
        var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "linger.ms",
                        5,
                        "compression.type",
                        "lz4",
                        // the first batch of a new topic may be refused: none may overtake it
                        "max.in.flight.requests.per.connection",
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
        var cluster = FlinkCluster.start(PARALLELISM, directory.resolve("checkpoints"));
        return new CatchUp(broker, producer, cluster, history);
    }

    String bootstrap() {
        return broker.bootstrapServers();
    }

    private long fill(List<DeliveryEvent> history) {
        long bytes = 0;
        for (DeliveryEvent event : history) {
            byte[] value = EventCodec.encode(event);
            bytes += value.length;
            send(new ProducerRecord<>(Topic.EVENTS.topicName(), EventCodec.key(event), value));
        }
        flush();
        return bytes;
    }

    private void send(ProducerRecord<String, byte[]> record) {
        var unused = producer.send(record, (place, failure) -> {
            if (failure != null) {
                sendFailure = failure;
            }
        });
    }

    private void flush() {
        producer.flush();
        if (sendFailure != null) {
            throw new IllegalStateException("the topic of events could not be written", sendFailure);
        }
    }

    /**
     * Runs a job over the history and cancels it.
     *
     * @param job its name on the progress topic
     * @param builder adds it to an environment
     */
    Run run(String job, Consumer<StreamExecutionEnvironment> builder) throws Exception {
        List<String> written = OUTPUTS.stream().map(Topic::topicName).toList();
        Map<TopicPartition, Long> from = topics.ends(written);
        Map<TopicPartition, Long> progressFrom = topics.ends(List.of(Topic.PROGRESS.topicName()));
        JobID id = cluster.submit(job, CHECKPOINTS, builder);
        long begin = cluster.awaitRunning(id);
        awaitProgress(job, progressFrom, Instant.now());
        var output = new Output();
        topics.read(from, output::add);
        long state = cluster.checkpointBytes(id);
        cluster.cancel(id);
        double seconds = (output.last - begin) / 1000.0;
        if (output.records == 0 || seconds <= 0) {
            throw new IllegalStateException(job + " has written " + output.records + " records in " + seconds + " s");
        }
        return new Run(events / seconds, eventBytes, output.facts, output.records, output.bytes, state);
    }

    /** Sends heartbeats until the job says that it has come to one of them: then it has read the whole history. */
    private void awaitProgress(String job, Map<TopicPartition, Long> from, Instant since) {
        var waiting = new Deadline(job + " comes to the end", LIMIT);
        boolean[] reached = new boolean[1];
        long lastBeat = 0;
        while (!reached[0]) {
            if (System.nanoTime() - lastBeat > HEARTBEAT.toNanos()) {
                lastBeat = System.nanoTime();
                heartbeat();
                topics.read(from, record -> reached[0] |= isReached(record, job, since));
            }
            waiting.pause();
        }
    }

    private static boolean isReached(ConsumerRecord<String, byte[]> record, String job, Instant since) {
        Progress progress = Json.read(record.value(), Progress.class);
        return progress.job().equals(job) && !progress.at().isBefore(since);
    }

    private void heartbeat() {
        byte[] now = Long.toString(System.currentTimeMillis()).getBytes(StandardCharsets.UTF_8);
        for (int partition = 0; partition < KafkaTopics.PARTITIONS; partition++) {
            var record = new ProducerRecord<>(
                    Topic.EVENTS.topicName(),
                    partition,
                    Keys.heartbeat(partition),
                    "{}".getBytes(StandardCharsets.UTF_8));
            record.headers().add(RecordHeaders.HEARTBEAT, now);
            send(record);
        }
        flush();
    }

    @Override
    public void close() {
        producer.close();
        cluster.close();
        broker.close();
    }

    /** What a job has written. */
    private static final class Output {
        private long records;
        private long facts;
        private long bytes;
        private long last;

        void add(ConsumerRecord<String, byte[]> record) {
            if (record.headers().lastHeader(RecordHeaders.HEARTBEAT) != null) {
                return;
            }
            records++;
            facts += record.topic().equals(Topic.FACTS.topicName()) ? 1 : 0;
            bytes += record.value().length;
            last = Math.max(last, record.timestamp());
        }
    }

    /**
     * A run.
     *
     * @param eventsPerSecond how fast
     * @param bytesIn size of the events
     * @param facts records on the topic of facts
     * @param recordsOut all records
     * @param bytesOut size of all records
     * @param stateBytes size of a full checkpoint at the end
     */
    record Run(double eventsPerSecond, long bytesIn, long facts, long recordsOut, long bytesOut, long stateBytes) {}
}
