package dev.sluice.gateapi.audit;

import static java.util.Objects.requireNonNull;

import dev.sluice.gateapi.kafka.TopicPartitions;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that follows the log of decisions for a sink. What fails is tried again, from where the sink left off. */
final class AuditReader implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    private static final Duration END_INTERVAL = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String bootstrap;
    private final AuditSink sink;
    private final BooleanSupplier ready;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Integer, AuditPosition> positions = new HashMap<>();
    private final Clock clock;
    private final Thread thread;
    private volatile Instant followedAt;
    private volatile boolean caughtUp;

    /**
     * Creates a reader; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param name of its thread
     * @param sink is told of the records
     * @param ready whether the sink knows where it left off
     * @param clock tells when it has followed last
     */
    AuditReader(String bootstrap, String name, AuditSink sink, BooleanSupplier ready, Clock clock) {
        this.bootstrap = bootstrap;
        this.sink = sink;
        this.ready = ready;
        this.clock = clock;
        this.followedAt = clock.instant();
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
                } catch (IOException | RuntimeException e) {
                    LOGGER.atWarn().setCause(e).log("audit log interrupted; following on");
                }
            }
            pause();
        }
    }

    /**
     * Returns the time since the log was asked last how far it goes and was then read to there, in seconds: grows while it fails, also where Kafka
     * cannot be reached.
     */
    double ageSeconds() {
        return Duration.between(followedAt, clock.instant()).toMillis() / 1000.0;
    }

    /** Returns whether it has read all that the log had when it began, or began anew. */
    boolean hasCaughtUp() {
        return caughtUp;
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
        caughtUp = false;
        List<TopicPartition> partitions = TopicPartitions.of(consumer, Topic.DECISIONS.topicName(), CALL_LIMIT);
        consumer.assign(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, CALL_LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, CALL_LIMIT);
        positions.clear();
        for (TopicPartition partition : partitions) {
            AuditPosition position = within(
                    sink.position(partition.partition()),
                    begins.getOrDefault(partition, 0L),
                    ends.getOrDefault(partition, 0L),
                    partition);
            positions.put(partition.partition(), position);
            long first = position.offset() + 1;
            consumer.seek(partition, Math.min(first, asked(consumer, partition, first)));
        }
        var known = new Ends(consumer, partitions);
        while (isOpen()) {
            take(consumer.poll(POLL));
            known.compare();
        }
    }

    /**
     * Returns where to go on. In a log that is shorter than it was, or that begins later than it was followed to, records are missing: the chain
     * of each tenant goes on with a record that says so, which no log has, so that whoever verifies the log finds it.
     */
    private AuditPosition within(AuditPosition followed, long begin, long end, TopicPartition partition)
            throws IOException {
        boolean begun = followed.offset() >= 0;
        boolean shorter = followed.offset() >= end;
        boolean late = begun && followed.offset() + 1 < begin;
        if (!shorter && !late) {
            return begun ? followed : new AuditPosition(begin - 1, followed.chains());
        }
        LOGGER.atError()
                .addKeyValue("partition", partition.partition())
                .addKeyValue("followed_to", followed.offset())
                .addKeyValue("begins_at", begin)
                .addKeyValue("ends_at", end)
                .log("the audit log lacks records");
        long next = shorter ? end : begin;
        Map<String, AuditChain> chains = new HashMap<>();
        for (Map.Entry<String, AuditChain> tenant : followed.chains().entrySet()) {
            AuditLine gap =
                    AuditLine.gap(tenant.getKey(), partition.partition(), followed.offset(), next, tenant.getValue());
            sink.take(gap);
            chains.put(tenant.getKey(), requireNonNull(gap.chain()));
        }
        AuditPosition after = followed.with(next - 1, chains);
        sink.reached(partition.partition(), after);
        return after;
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
        Header header = record.headers().lastHeader(Audit.RESOLVES);
        @Nullable String resolved = header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        if (record.offset() <= before.offset()) {
            return AuditLine.known(tenant, record.partition(), record.offset(), value, resolved);
        }
        AuditChain chain = chains.getOrDefault(tenant, before.chain(tenant));
        return AuditLine.next(tenant, record.partition(), record.offset(), value, chain, resolved);
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

    /** Notices that the log was read to where it ended at a known moment. A poll alone shows nothing: it is also empty where no broker answers. */
    private final class Ends {
        private final KafkaConsumer<String, byte[]> consumer;
        private final List<TopicPartition> partitions;
        private Map<TopicPartition, Long> awaited = Map.of();
        private Instant takenAt = Instant.EPOCH;
        private long nextNanos = System.nanoTime();

        Ends(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
            this.consumer = consumer;
            this.partitions = partitions;
        }

        void compare() {
            if (awaited.isEmpty() && System.nanoTime() - nextNanos >= 0) {
                nextNanos = System.nanoTime() + END_INTERVAL.toNanos();
                take();
            }
            boolean reached = !awaited.isEmpty()
                    && awaited.entrySet().stream()
                            .allMatch(end -> consumer.position(end.getKey(), CALL_LIMIT) >= end.getValue());
            if (reached) {
                awaited = Map.of();
                followedAt = takenAt;
                caughtUp = true;
            }
        }

        private void take() {
            Instant before = clock.instant();
            try {
                awaited = consumer.endOffsets(partitions, END_LIMIT);
                takenAt = before;
            } catch (TimeoutException e) {
                LOGGER.atDebug().setCause(e).log("end of the audit log not known; what is told of it grows old");
            }
        }
    }
}
