package dev.sluice.gateapi.audit;

import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that follows the log of decisions for a sink. What fails is tried again, from where the sink left off. */
final class AuditReader implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String bootstrap;
    private final AuditSink sink;
    private final BooleanSupplier ready;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Integer, AuditPosition> positions = new HashMap<>();
    private final Thread thread;

    /**
     * Creates a reader; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param name of its thread
     * @param sink is told of the records
     * @param ready whether the sink knows where it left off
     */
    AuditReader(String bootstrap, String name, AuditSink sink, BooleanSupplier ready) {
        this.bootstrap = bootstrap;
        this.sink = sink;
        this.ready = ready;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (isOpen()) {
            if (ready.getAsBoolean()) {
                try (var consumer = consumer()) {
                    follow(consumer);
                } catch (WakeupException e) {
                    LOGGER.atDebug().log("audit log closed");
                } catch (KafkaException | IOException | IllegalStateException e) {
                    LOGGER.atWarn().setCause(e).log("audit log interrupted; following on");
                }
            }
            pause();
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void pause() {
        try {
            var unused = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) throws IOException {
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.DECISIONS.topicName(), CALL_LIMIT).stream()
                .map(found -> new TopicPartition(found.topic(), found.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, CALL_LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, CALL_LIMIT);
        positions.clear();
        for (TopicPartition partition : partitions) {
            AuditPosition position = sink.position(partition.partition());
            positions.put(partition.partition(), position);
            long first =
                    start(position, begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L), partition);
            consumer.seek(partition, Math.min(first, asked(consumer, partition, first)));
        }
        while (isOpen()) {
            take(consumer.poll(POLL));
        }
    }

    /** A log that is shorter than it was, or begins later than it was followed to, is told of; the chain goes on and shows it. */
    private static long start(AuditPosition position, long begin, long end, TopicPartition partition) {
        long next = position.offset() + 1;
        boolean lost = next < begin && position.offset() >= 0;
        if (lost || next > end) {
            LOGGER.atError()
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("followed_to", position.offset())
                    .addKeyValue("begins_at", begin)
                    .addKeyValue("ends_at", end)
                    .log("the audit log lacks records");
        }
        return next < begin || next > end ? begin : next;
    }

    private long asked(KafkaConsumer<String, byte[]> consumer, TopicPartition partition, long otherwise) {
        if (sink.since().isEmpty()) {
            return otherwise;
        }
        OffsetAndTimestamp found = consumer.offsetsForTimes(
                        Map.of(partition, sink.since().get().toEpochMilli()), CALL_LIMIT)
                .get(partition);
        return found == null ? otherwise : found.offset();
    }

    private void take(ConsumerRecords<String, byte[]> records) throws IOException {
        for (TopicPartition partition : records.partitions()) {
            Map<String, AuditChain> chains = new HashMap<>();
            AuditPosition before = positions.getOrDefault(partition.partition(), AuditPosition.NONE);
            long last = before.offset();
            for (ConsumerRecord<String, byte[]> record : records.records(partition)) {
                AuditLine line = line(record, before, chains);
                sink.take(line);
                if (line.chain() != null) {
                    chains.put(line.tenant(), line.chain());
                    last = line.offset();
                }
            }
            AuditPosition after = before.with(last, chains);
            positions.put(partition.partition(), after);
        }
        for (Map.Entry<Integer, AuditPosition> position : positions.entrySet()) {
            sink.reached(position.getKey(), position.getValue());
        }
    }

    private static AuditLine line(
            ConsumerRecord<String, byte[]> record, AuditPosition before, Map<String, AuditChain> chains) {
        String tenant = record.key() == null ? "" : Keys.split(record.key())[0];
        byte[] value = record.value() == null ? new byte[0] : record.value();
        if (record.offset() <= before.offset()) {
            return AuditLine.known(tenant, record.partition(), record.offset(), value);
        }
        AuditChain chain = chains.getOrDefault(tenant, before.chain(tenant));
        return AuditLine.next(tenant, record.partition(), record.offset(), value, chain);
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        thread.getName(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        100,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        500),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CALL_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
