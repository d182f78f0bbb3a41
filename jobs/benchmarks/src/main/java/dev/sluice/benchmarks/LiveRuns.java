package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Latencies.Samples;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.gateapi.kafka.Heartbeats;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.SampleBatch.Point;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the gate API and those who send to it: runs of some ratios each, and the points of both arms in records as the
 * gate API writes them, one for each metric. Both arms are of one version.
 */
final class LiveRuns implements AutoCloseable {
    private static final String TENANT = "default";
    private static final String RUN = "run-";
    private static final String PRINCIPAL = "benchmark";
    private static final long SEED = 20261129;

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final KafkaProducer<String, byte[]> producer;
    private final Heartbeats heartbeats;
    private final LiveSchedule schedule;
    private final List<String> metrics;
    private final Random random = new Random(SEED);
    private final Samples late = new Samples();
    private volatile @Nullable Exception failure;

    /**
     * Connects; nothing is written yet but heartbeats.
     *
     * @param bootstrap where Kafka is
     * @param schedule when points are due
     * @param metrics their names in each run
     */
    LiveRuns(String bootstrap, LiveSchedule schedule, List<String> metrics) {
        this.schedule = schedule;
        this.metrics = List.copyOf(metrics);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true, "linger.ms", 1),
                new StringSerializer(),
                new ByteArraySerializer());
        heartbeats = new Heartbeats(bootstrap, List.of(Topic.SAMPLES), HEARTBEAT, Clock.systemUTC());
    }

    /** Returns the number of the run whose record has a key. */
    static int number(String key) {
        return Integer.parseInt(Keys.split(key)[1].substring(RUN.length()));
    }

    /** Sets up the runs. */
    void begin(Instant at) {
        var config = Json.mapper()
                .createObjectNode()
                .put("bucket", "1s")
                .put("settle", "5s")
                .put("horizon", "1h");
        metrics.forEach(metric ->
                config.withArray("metrics").addObject().put("name", metric).put("kind", "ratio"));
        for (int run = 0; run < schedule.runs(); run++) {
            var document = new CanaryRunDocument(
                    "service-" + run, "production", "v1", "v2", config, "sha256:0", at, List.of(), null);
            var control = new Control(TENANT, Control.CANARY, RUN + run, PRINCIPAL, at, false, document.json());
            send(Topic.CONTROL, control.key(), Json.bytes(control));
        }
        producer.flush();
        throwIfFailed();
    }

    /**
     * Sends the points as they are due.
     *
     * @param begin when the first bucket begins
     * @param beginNanos the same by {@link System#nanoTime}
     * @param buckets of each run
     */
    void send(Instant begin, long beginNanos, long buckets) {
        for (long bucket = 0; bucket < buckets; bucket++) {
            for (int run = 0; run < schedule.runs(); run++) {
                long due = schedule.due(run, bucket);
                for (long wait = wait(beginNanos, due); wait > 0; wait = wait(beginNanos, due)) {
                    LockSupport.parkNanos(wait);
                }
                late.add(-wait(beginNanos, due));
                send(run, begin.plusNanos(due));
            }
            throwIfFailed();
        }
        producer.flush();
        throwIfFailed();
    }

    private static long wait(long beginNanos, long due) {
        return beginNanos + due - System.nanoTime();
    }

    private void send(int run, Instant at) {
        for (String metric : metrics) {
            RatioBucket bucket = CanaryBenchmark.ratio(random);
            var batch = new SampleBatch(
                    TENANT,
                    RUN + run,
                    metric,
                    0,
                    List.of(
                            counts("baseline", at, bucket.baselineEvents(), bucket.baselineExposure()),
                            counts("canary", at, bucket.canaryEvents(), bucket.canaryExposure())));
            send(Topic.SAMPLES, batch.key(), Json.bytes(batch));
        }
    }

    private static Point counts(String arm, Instant at, double events, double exposure) {
        return new Point(arm, null, at, null, null, events, exposure, null, null, null);
    }

    private void send(Topic topic, String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic.topicName(), key, value), (place, problem) -> {
            if (problem != null) {
                failure = problem;
            }
        });
    }

    private void throwIfFailed() {
        if (failure != null) {
            throw new IllegalStateException("the log could not be written", failure);
        }
    }

    /** Returns how long after they were due points were sent, once all have been. */
    Latencies late() {
        return Latencies.of(List.of(late));
    }

    @Override
    public void close() {
        heartbeats.close();
        producer.close();
    }
}
