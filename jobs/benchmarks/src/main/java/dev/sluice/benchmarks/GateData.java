package dev.sluice.benchmarks;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Sha256;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Stands in for the dora-job: the rows of a few healthy services, and progress, so that they stay fresh. */
final class GateData implements AutoCloseable {
    static final int SERVICES = 12;
    static final String ENVIRONMENT = "production";
    static final String TENANT = "default";

    private static final String STAGING = "staging";
    /** A service that others depend on, of the same version everywhere. */
    private static final String LEDGER = "ledger";

    private static final Duration SINCE = Duration.ofDays(1);
    private static final String JOB = "dora";
    private static final int PARTITIONS = 2;
    private static final long HEARTBEAT_MILLIS = 250;
    private static final double MILLIS_PER_HOUR = 3.6e6;

    private final KafkaProducer<String, byte[]> producer;
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor();
    private final long generation = System.currentTimeMillis();

    GateData(String bootstrap) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", "1"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Writes the rows, and progress from now on. */
    void start() {
        for (int i = 0; i < SERVICES; i++) {
            send(Topic.DORA, key(i), Json.bytes(row(i)));
            runs(current(service(i), ENVIRONMENT, "v41", null));
            runs(current(service(i), STAGING, "v42", digest(i)));
        }
        runs(current(LEDGER, ENVIRONMENT, "v7", null));
        runs(current(LEDGER, STAGING, "v7", null));
        var unused = heartbeats.scheduleAtFixedRate(this::heartbeat, 0, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    static String service(int number) {
        return "service-" + number;
    }

    /** Returns the digest of what would be deployed of a service. */
    static String digest(int number) {
        return "sha256:" + Sha256.hex(service(number));
    }

    /** Returns what is asked about a service. */
    static byte[] question(int number) {
        String body = "{\"service\":\"" + service(number) + "\",\"environment\":\"" + ENVIRONMENT
                + "\",\"artifact\":{\"version\":\"v42\",\"digest\":\"" + digest(number)
                + "\",\"commit\":\"0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3d\"}}";
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the metrics of a service. */
    static DoraRow row(int number) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return new DoraRow(
                TENANT,
                service(number),
                ENVIRONMENT,
                "UTC",
                today,
                List.of(window(7, today), window(30, today), window(90, today)),
                false,
                Instant.now());
    }

    private static DoraRow.WindowMetrics window(int days, LocalDate today) {
        int success = 2 * days;
        int failed = days / 7;
        int attempts = success + failed;
        return new DoraRow.WindowMetrics(
                days,
                today.minusDays(days - 1L),
                today,
                DeliveryMetrics.empty()
                        .with(new DeliveryMetrics.DeploymentFrequency(
                                success, 2.0, null, days, 0, null, null, success, 0, 0, 0))
                        .with(new DeliveryMetrics.ChangeLeadTime(
                                3 * success, 20 * MILLIS_PER_HOUR, null, 60 * MILLIS_PER_HOUR, 0, 0, null))
                        .with(new DeliveryMetrics.PullRequestLeadTime(
                                success,
                                30 * MILLIS_PER_HOUR,
                                null,
                                70 * MILLIS_PER_HOUR,
                                34 * MILLIS_PER_HOUR,
                                18 * MILLIS_PER_HOUR,
                                4 * MILLIS_PER_HOUR,
                                8 * MILLIS_PER_HOUR,
                                4 * MILLIS_PER_HOUR,
                                0,
                                0,
                                0,
                                null))
                        .with(new DeliveryMetrics.ChangeFailRate(
                                success,
                                (double) failed / success,
                                null,
                                failed,
                                0,
                                failed,
                                failed,
                                failed,
                                0,
                                0,
                                Instant.now(),
                                null))
                        .with(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                                failed,
                                MILLIS_PER_HOUR,
                                null,
                                2 * MILLIS_PER_HOUR,
                                MILLIS_PER_HOUR,
                                0,
                                failed,
                                2 * MILLIS_PER_HOUR,
                                failed,
                                MILLIS_PER_HOUR,
                                null))
                        .with(new DeliveryMetrics.DeploymentSuccessRate(
                                attempts, (double) success / attempts, null, success, failed, 0, 0, 0, null)));
    }

    /**
     * Returns what runs somewhere.
     *
     * @param service the service
     * @param environment where
     * @param version its version, which is in the id of the deployment
     * @param digest of its artifact; null where it is not known
     */
    static CurrentRow current(String service, String environment, String version, @Nullable String digest) {
        return new CurrentRow(
                TENANT,
                service,
                environment,
                deployment(service, version),
                version,
                "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
                digest,
                Instant.now().minus(SINCE),
                null,
                null,
                0,
                null,
                0,
                null,
                null,
                null,
                false,
                Instant.now());
    }

    /** Returns the id of the deployment of a version. */
    static String deployment(String service, String version) {
        return "github/" + service + "/" + version;
    }

    /** Tells what runs somewhere. */
    void runs(CurrentRow row) {
        send(Topic.CURRENT, Keys.of(TENANT, row.service(), row.environment()), Json.bytes(row));
    }

    /** Tells how an order to roll back stands. */
    void ordered(RollbackRow row) {
        send(Topic.ROLLBACKS, row.key(), Json.bytes(row));
    }

    /** Returns when all that was told is in the log. */
    void flush() {
        producer.flush();
    }

    private static String key(int number) {
        return Keys.of(TENANT, service(number), ENVIRONMENT);
    }

    private void heartbeat() {
        Instant now = Instant.now();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var record = new ProducerRecord<>(
                    Topic.DORA.topicName(),
                    partition,
                    Keys.heartbeat(partition),
                    "{}".getBytes(StandardCharsets.UTF_8));
            record.headers().add(RecordHeaders.HEARTBEAT, ascii(now.toEpochMilli()));
            var unused = producer.send(record);
            var progress = new Progress(JOB, partition, now, generation);
            send(Topic.PROGRESS, progress.key(), Json.bytes(progress));
        }
    }

    private void send(Topic topic, String key, byte[] value) {
        var record = new ProducerRecord<>(topic.topicName(), key, value);
        record.headers().add(RecordHeaders.GENERATION, ascii(generation));
        var unused = producer.send(record);
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        heartbeats.shutdownNow();
        producer.close();
    }
}
