package dev.sluice.gateapi.kafka;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Looks single records up in the log, one request after the other on a thread of its own, each within 2 s. */
public final class LogReader implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MAX_WAITING = 64;
    /** Clocks of the replicas and of the broker may differ by so much. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    private final String bootstrap;
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                var worker = new Thread(task, "gate-api-log-reader");
                worker.setDaemon(true);
                return worker;
            });
    private @Nullable KafkaConsumer<String, byte[]> consumer;

    /** Creates a reader; connects when it is first asked. */
    public LogReader(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * Returns the record at a place, or nothing if the log has none there (yet, or any more).
     *
     * @throws ApiException if too many ask
     */
    public CompletableFuture<Optional<ConsumerRecord<String, byte[]>>> at(String topic, int partition, long offset) {
        return ask(() -> findAt(new TopicPartition(topic, partition), offset));
    }

    /**
     * Returns the records of a key that were appended about then and satisfy the condition, in their order.
     *
     * @param topic the topic
     * @param key key of the records, by which their partition is known
     * @param from when the first of them was appended
     * @param until when the last of them was appended
     * @param condition which ones
     * @throws ApiException if too many ask
     */
    public CompletableFuture<List<ConsumerRecord<String, byte[]>>> scan(
            String topic, String key, Instant from, Instant until, Predicate<byte[]> condition) {
        return ask(() -> scanNow(topic, key, from, until, condition));
    }

    /**
     * Returns the end of the partition that the records of a key are in: what was acknowledged before the question stands before
     * it.
     *
     * @param topic the topic
     * @param key key of the records, by which their partition is known
     * @throws ApiException if too many ask
     */
    public CompletableFuture<End> end(String topic, String key) {
        return ask(() -> {
            KafkaConsumer<String, byte[]> reader = consumer();
            TopicPartition place = place(reader, topic, key);
            return new End(place, end(reader, place));
        });
    }

    private Optional<ConsumerRecord<String, byte[]>> findAt(TopicPartition place, long offset) {
        KafkaConsumer<String, byte[]> reader = consumer();
        if (!exists(reader, place)) {
            return Optional.empty();
        }
        reader.assign(List.of(place));
        long end = end(reader, place);
        if (offset >= end || offset < start(reader, place)) {
            return Optional.empty();
        }
        reader.seek(place, offset);
        var deadline = new Deadline();
        while (true) {
            for (ConsumerRecord<String, byte[]> record : reader.poll(POLL).records(place)) {
                return record.offset() == offset ? Optional.of(record) : Optional.empty();
            }
            deadline.check();
        }
    }

    private static boolean exists(KafkaConsumer<String, byte[]> reader, TopicPartition place) {
        return reader.partitionsFor(place.topic()).stream()
                .anyMatch(partition -> partition.partition() == place.partition());
    }

    private List<ConsumerRecord<String, byte[]>> scanNow(
            String topic, String key, Instant from, Instant until, Predicate<byte[]> condition) {
        KafkaConsumer<String, byte[]> reader = consumer();
        TopicPartition place = place(reader, topic, key);
        reader.assign(List.of(place));
        long end = end(reader, place);
        var found = new ArrayList<ConsumerRecord<String, byte[]>>();
        var start = reader.offsetsForTimes(Map.of(place, from.minus(CLOCK_SKEW).toEpochMilli()), LIMIT)
                .get(place);
        if (start == null) {
            return found;
        }
        reader.seek(place, start.offset());
        long last = until.plus(CLOCK_SKEW).toEpochMilli();
        var deadline = new Deadline();
        while (reader.position(place) < end) {
            for (ConsumerRecord<String, byte[]> record : reader.poll(POLL).records(place)) {
                if (record.timestamp() > last) {
                    return found;
                }
                if (key.equals(record.key()) && condition.test(record.value())) {
                    found.add(record);
                }
            }
            deadline.check();
        }
        return found;
    }

    private static TopicPartition place(KafkaConsumer<String, byte[]> reader, String topic, String key) {
        int partitions = TopicPartitions.of(reader, topic, LIMIT).size();
        return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(Utils.utf8(key))) % partitions);
    }

    private static long end(KafkaConsumer<String, byte[]> reader, TopicPartition place) {
        return reader.endOffsets(List.of(place), LIMIT).getOrDefault(place, 0L);
    }

    private static long start(KafkaConsumer<String, byte[]> reader, TopicPartition place) {
        return reader.beginningOffsets(List.of(place), LIMIT).getOrDefault(place, 0L);
    }

    private KafkaConsumer<String, byte[]> consumer() {
        KafkaConsumer<String, byte[]> existing = consumer;
        if (existing != null) {
            return existing;
        }
        var created = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "gate-api-log-reader",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        20,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) LIMIT.toMillis(),
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        1500,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        500),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer = created;
        return created;
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(() -> answer(question), thread);
        } catch (RejectedExecutionException e) {
            throw new ApiException(ErrorType.BUSY, "too many records are being looked up", e);
        }
    }

    private <T> T answer(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw new ApiException(ErrorType.UNAVAILABLE, "the log does not answer; try again", e);
        }
    }

    @Override
    public void close() {
        thread.execute(() -> {
            if (consumer != null) {
                consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
            }
        });
        thread.shutdown();
    }

    /**
     * The end of a partition.
     *
     * @param partition the partition
     * @param offset the offset that its next record will have
     */
    public record End(TopicPartition partition, long offset) {}

    /** Ends a search that takes too long. */
    private static final class Deadline {
        private final long end = System.nanoTime() + LIMIT.toNanos();

        void check() {
            if (System.nanoTime() - end > 0) {
                throw new ApiException(ErrorType.UNAVAILABLE, "the log is slow; try again");
            }
        }
    }
}
