package dev.sluice.gateapi.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gateapi.kafka.TopicPartitions;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that follows the topics of {@link Views} from their beginning, without a consumer group. An outage of Kafka
 * only makes the views old; when it is over the thread goes on.
 */
public final class ViewReader implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ViewReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration END_INTERVAL = Duration.ofSeconds(2);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    private final String bootstrap;
    private final Views views;
    private final Clock clock;
    private final Preparation preparation;
    private final Counter unreadable;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore running = new Semaphore(1);
    private final Thread thread;
    private volatile KafkaConsumer<String, byte[]> consumer;

    /**
     * Creates the reader; {@link #start} starts it.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param views what to fill
     * @param clock the moment as of which a partition's end was read
     * @param preparation run until it succeeds, before the first record is read
     * @param registry counts records that cannot be read
     */
    public ViewReader(String bootstrap, Views views, Clock clock, Preparation preparation, MeterRegistry registry) {
        this.bootstrap = bootstrap;
        this.views = views;
        this.clock = clock;
        this.preparation = preparation;
        this.unreadable = registry.counter("sluice.views.unreadable");
        this.consumer = consumer();
        this.thread = new Thread(this::run, "gate-api-views");
        thread.setDaemon(true);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    /** Holds the reader back until {@link #resume}: the views grow old, as when this replica is stuck. */
    public void pause() throws InterruptedException {
        running.acquire();
    }

    /** Ends a {@link #pause}. */
    public void resume() {
        running.release();
    }

    private void run() {
        boolean prepared = false;
        while (closed.getCount() > 0) {
            try {
                if (!prepared) {
                    preparation.run();
                    prepared = true;
                }
                follow();
            } catch (WakeupException e) {
                LOGGER.atDebug().log("views closed");
            } catch (KafkaException | IllegalStateException | java.util.concurrent.TimeoutException e) {
                LOGGER.atWarn().setCause(e).log("views interrupted; reading on");
                await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void await() {
        try {
            if (closed.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        consumer.close();
        consumer = consumer();
    }

    private void follow() throws InterruptedException {
        List<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        views.follow(partitions);
        var ends = new Ends();
        while (closed.getCount() > 0) {
            running.acquire();
            try {
                ConsumerRecords<String, byte[]> read = consumer.poll(POLL);
                read.forEach(this::apply);
                read.nextOffsets().forEach((partition, next) -> views.readTo(partition, next.offset() - 1));
                ends.update(partitions);
            } finally {
                running.release();
            }
        }
    }

    private List<TopicPartition> partitions() {
        var partitions = new ArrayList<TopicPartition>();
        for (Topic topic : Views.TOPICS) {
            partitions.addAll(TopicPartitions.of(consumer, topic.topicName(), CALL_LIMIT));
        }
        return partitions;
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        Header heartbeat = record.headers().lastHeader(RecordHeaders.HEARTBEAT);
        if (heartbeat != null) {
            millis(heartbeat)
                    .ifPresent(at -> views.heartbeat(
                            new TopicPartition(record.topic(), record.partition()), Instant.ofEpochMilli(at)));
            return;
        }
        if (record.key() == null) {
            return;
        }
        boolean ofEnvironment = isOfEnvironment(record);
        Table<?> table = ofEnvironment ? views.environmentTable() : views.table(record.topic());
        if (record.value() == null) {
            table.forget(record.key(), record.offset());
            return;
        }
        long generation =
                millis(record.headers().lastHeader(RecordHeaders.GENERATION)).orElse(0);
        try {
            JsonNode row = Json.mapper().readTree(record.value());
            if (row.path("deleted").asBoolean(false)) {
                table.delete(record.key(), record.offset(), generation);
            } else if (record.topic().equals(Topic.DORA.topicName())) {
                put(views.doraTable(), record, generation, row, DoraRow.class);
            } else if (ofEnvironment) {
                put(views.environmentTable(), record, generation, row, EnvironmentClassRow.class);
            } else if (record.topic().equals(Topic.CURRENT.topicName())) {
                put(views.currentTable(), record, generation, row, CurrentRow.class);
            } else if (record.topic().equals(Topic.CONTROL.topicName())) {
                put(views.controlTable(), record, generation, row, Control.class);
            } else if (record.topic().equals(Topic.VERDICTS.topicName())) {
                put(views.verdictTable(), record, generation, row, CanaryStanding.class);
                views.verdictRead(record.key());
            } else if (record.topic().equals(Topic.ROLLBACKS.topicName())) {
                rollback(record, generation, row);
            } else {
                put(views.progressTable(), record, generation, row, Progress.class);
            }
            if (ofEnvironment && table.offset(record.key()) == record.offset()) {
                views.environmentRead(record.key(), true);
            }
        } catch (IOException e) {
            // the row before it no longer holds either: the gate must not answer from it
            table.delete(record.key(), record.offset(), generation);
            if (ofEnvironment) {
                views.environmentRead(record.key(), false);
            }
            unreadable.increment();
            LOGGER.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("error", e.getClass().getSimpleName())
                    .log("row cannot be read");
        }
    }

    private static boolean isOfEnvironment(ConsumerRecord<String, byte[]> record) {
        Header row = record.headers().lastHeader(RecordHeaders.ROW);
        return row != null
                && record.topic().equals(Topic.CURRENT.topicName())
                && RecordHeaders.ENVIRONMENT_CLASS.equals(new String(row.value(), StandardCharsets.UTF_8));
    }

    /** An order only goes forward: what a job says again that goes on from a checkpoint is passed over. */
    private void rollback(ConsumerRecord<String, byte[]> record, long generation, JsonNode row)
            throws JsonProcessingException {
        RollbackOrder next = Json.mapper().treeToValue(row, RollbackRow.class).order();
        Optional<RollbackOrder> present =
                views.rollbackTable().get(record.key()).map(held -> held.row().order());
        if (next == null || present.isEmpty() || !next.isBehind(present.get())) {
            put(views.rollbackTable(), record, generation, row, RollbackRow.class);
        }
    }

    private static <T> void put(
            Table<T> table, ConsumerRecord<String, byte[]> record, long generation, JsonNode row, Class<T> type)
            throws JsonProcessingException {
        table.put(new Held<>(
                Json.mapper().treeToValue(row, type),
                record.key(),
                record.topic(),
                record.partition(),
                record.offset(),
                generation));
    }

    /** Returns the number that a header carries; nothing if it is absent or holds something else. */
    private static OptionalLong millis(@Nullable Header header) {
        if (header == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(new String(header.value(), StandardCharsets.UTF_8)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "gate-api-views",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) CALL_LIMIT.toMillis(),
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        500),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        closed.countDown();
        consumer.wakeup();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(3).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** Something that must succeed before reading begins. */
    @FunctionalInterface
    public interface Preparation {
        /** Runs it once; what it throws makes the reader try again. */
        void run() throws java.util.concurrent.TimeoutException, InterruptedException;
    }

    /** Notices that partitions were read to the ends that they had at a known moment. */
    private final class Ends {
        private final Map<TopicPartition, Long> awaited = new HashMap<>();
        private Instant takenAt = Instant.EPOCH;
        private long nextNanos = System.nanoTime();

        void update(List<TopicPartition> partitions) {
            if (awaited.isEmpty() && System.nanoTime() - nextNanos >= 0) {
                nextNanos = System.nanoTime() + END_INTERVAL.toNanos();
                take(partitions);
            }
            awaited.entrySet().removeIf(end -> {
                boolean reached = consumer.position(end.getKey(), CALL_LIMIT) >= end.getValue();
                if (reached) {
                    views.caughtUp(end.getKey(), takenAt);
                }
                return reached;
            });
        }

        private void take(List<TopicPartition> partitions) {
            Instant before = clock.instant();
            Map<TopicPartition, Long> ends;
            try {
                ends = consumer.endOffsets(partitions, CALL_LIMIT);
            } catch (TimeoutException e) {
                LOGGER.atDebug().setCause(e).log("ends not known; the views grow old");
                return;
            }
            takenAt = before;
            ends.forEach((partition, end) -> {
                if (consumer.position(partition, CALL_LIMIT) > end) {
                    LOGGER.atWarn().addKeyValue("partition", partition).log("partition was emptied; reading it anew");
                    views.lost(partition);
                    consumer.seekToBeginning(List.of(partition));
                }
                awaited.put(partition, end);
            });
        }
    }
}
