package dev.sluice.standalone;

import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Heartbeats on the raw topic in place of a gate API's, partition by partition. */
final class RawHeartbeats implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final byte[] EMPTY_DOCUMENT = "{}".getBytes(StandardCharsets.UTF_8);

    private final Clock clock;
    private final Set<Integer> stuck = ConcurrentHashMap.newKeySet();
    private final KafkaProducer<String, byte[]> producer;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "raw-heartbeats");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts to write to all partitions.
     *
     * @param clock the time that they carry
     */
    RawHeartbeats(String bootstrap, Clock clock) {
        this.clock = clock;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new ByteArraySerializer());
        var unused = timer.scheduleAtFixedRate(this::beat, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        for (int partition = 0; partition < SluiceAssembly.PARTITIONS; partition++) {
            if (!stuck.contains(partition)) {
                var heartbeat = new ProducerRecord<>(
                        Topic.RAW.topicName(), partition, Keys.heartbeat(partition), EMPTY_DOCUMENT);
                heartbeat
                        .headers()
                        .add(
                                RecordHeaders.HEARTBEAT,
                                Long.toString(clock.millis()).getBytes(StandardCharsets.UTF_8));
                var unused = producer.send(heartbeat);
            }
        }
    }

    /** Writes no more to one partition. */
    void stick(int partition) {
        stuck.add(partition);
    }

    /** Writes to one partition again. */
    void release(int partition) {
        stuck.remove(partition);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close(Duration.ZERO);
    }
}
