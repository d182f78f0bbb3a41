package dev.sluice.gateapi.kafka;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to one topic, acknowledged by all replicas, or says within about 2.5 s that it cannot. What is under
 * way is bounded; beyond that it refuses at once.
 */
public final class LogAppender implements AutoCloseable {
    private static final int RECORD_OVERHEAD = 1024;

    private final String topic;
    private final KafkaProducer<String, byte[]> producer;
    private final Executor answers;
    private final Semaphore freeBytes;

    /**
     * Creates an appender; does not connect.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param topic the topic
     * @param limits how much may be under way
     * @param answers runs what follows an acknowledgement, so that no answer holds up the producer's thread
     * @param registry gets a gauge of the bytes under way
     */
    public LogAppender(String bootstrap, String topic, Limits limits, Executor answers, MeterRegistry registry) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                settings(bootstrap, topic, limits), new StringSerializer(), new ByteArraySerializer());
        this.answers = answers;
        this.freeBytes = new Semaphore(limits.inFlightBytes());
        registry.gauge(
                "sluice.append.in.flight.bytes",
                List.of(io.micrometer.core.instrument.Tag.of("topic", topic)),
                freeBytes,
                free -> limits.inFlightBytes() - free.availablePermits());
    }

    /** Returns producer settings under which a record is acknowledged or given up within about 2.5 s. */
    static Map<String, Object> settings(String bootstrap, String name, Limits limits) {
        return Map.ofEntries(
                Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "gate-api-" + name),
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 500),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2000),
                Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1500),
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, 1),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, limits.bufferBytes()),
                Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limits.recordBytes()),
                Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500),
                Map.entry(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 200));
    }

    /**
     * Appends a record.
     *
     * @param key the record's key, by which its partition is chosen
     * @param headers the record's headers
     * @param value the record's value
     * @return where it stands; fails with an {@link ApiException} if it could not be appended in time: then it may or
     *     may not have been
     * @throws ApiException if too much is under way
     */
    public CompletableFuture<RecordMetadata> append(String key, Map<String, String> headers, byte[] value) {
        return send(key, headers, value);
    }

    /** Appends the record by which Kafka forgets a key, with all that was written of it; as {@link #append} otherwise. */
    public CompletableFuture<RecordMetadata> forget(String key) {
        return send(key, Map.of(), null);
    }

    private CompletableFuture<RecordMetadata> send(String key, Map<String, String> headers, byte @Nullable [] value) {
        int bytes = (value == null ? 0 : value.length) + RECORD_OVERHEAD;
        if (!freeBytes.tryAcquire(bytes)) {
            throw new ApiException(ErrorType.BUSY, "too much is being appended");
        }
        var record = new ProducerRecord<>(topic, null, key, value, kafkaHeaders(headers));
        var appended = new CompletableFuture<RecordMetadata>();
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                freeBytes.release(bytes);
                if (failure == null) {
                    appended.completeAsync(() -> metadata, answers);
                } else {
                    answers.execute(() -> appended.completeExceptionally(notAppended(failure)));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            freeBytes.release(bytes);
            throw notAppended(e);
        }
        return appended;
    }

    private static ApiException notAppended(Exception cause) {
        return new ApiException(ErrorType.UNAVAILABLE, "the log does not acknowledge; try again", cause);
    }

    private static List<Header> kafkaHeaders(Map<String, String> headers) {
        var list = new ArrayList<Header>();
        headers.forEach((name, value) -> list.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8))));
        return list;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(3));
    }

    /**
     * How much may be under way.
     *
     * @param recordBytes largest record with its key and headers; the topic's {@code max.message.bytes} must allow it
     * @param inFlightBytes most bytes of records that are not acknowledged yet
     */
    public record Limits(int recordBytes, int inFlightBytes) {
        /** For records of up to 1 MiB and what belongs to them. */
        public static final Limits DEFAULT = new Limits(2 << 20, 24 << 20);

        public Limits {
            if (recordBytes < 1 || inFlightBytes < recordBytes) {
                throw new IllegalArgumentException("inFlightBytes must be at least recordBytes, at least 1: "
                        + inFlightBytes + ", " + recordBytes);
            }
        }

        /** Returns the producer's memory: larger than what may be under way, so that sending never waits for it. */
        private long bufferBytes() {
            return inFlightBytes + (8L << 20);
        }
    }
}
