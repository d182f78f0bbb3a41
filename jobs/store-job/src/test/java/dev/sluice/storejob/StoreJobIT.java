package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.PeriodKind;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.DeliveryLookup;
import dev.sluice.store.Store;
import dev.sluice.store.StoreUnavailableException;
import dev.sluice.store.StoredDelivery;
import dev.sluice.store.StoredDelivery.Outcome;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StoreJobIT {
    private static final int PARTITIONS = 2;
    private static final Instant FIRST_BEAT = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    private static final MiniClusterExtension FLINK =
            new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
                    .setNumberTaskManagers(1)
                    .setNumberSlotsPerTaskManager(2)
                    .build());

    @TempDir
    private static Path directory;

    private static KafkaBroker kafka;
    private static KafkaProducer<String, byte[]> producer;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private ClickHouseServer clickHouse;
    private Path clickHouseDirectory;
    private Store store;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "linger.ms", "5"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        kafka.close();
    }

    @BeforeEach
    void startClickHouse(@TempDir Path own) throws Exception {
        clickHouseDirectory = own;
        clickHouse = ClickHouseServer.start(ClickHouseConfig.in(own));
        store = Store.of(ClickHouseSettings.at(clickHouse.httpUrl()));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(admin.listTopics().names().get()).all().get();
            await("topics gone", () -> admin.listTopics().names().get().isEmpty());
            admin.createTopics(Stream.of(Topic.values())
                            .map(topic ->
                                    new NewTopic(topic.topicName(), PARTITIONS, (short) 1).configs(topic.settings()))
                            .toList())
                    .all()
                    .get();
        }
    }

    @AfterEach
    void stopClickHouse() {
        store.close();
        clickHouse.close();
    }

    @Test
    void recordsBecomeRows_andProgressFollowsTheHeartbeats() throws Exception {
        RecordMetadata delivered = send(WireRows.delivery("k1"));
        RecordMetadata ignored = send(WireRows.delivery("k2"));
        RecordMetadata pending = send(WireRows.delivery("k3"));
        send(
                Topic.EVENTS,
                "k",
                EventCodec.encode(WireRows.commit(deliveryId(delivered), Instant.ofEpochMilli(delivered.timestamp()))));
        send(
                Topic.DEAD_LETTERS,
                "k",
                Json.bytes(WireRows.deadLetter(deliveryId(ignored), Instant.ofEpochMilli(ignored.timestamp()))));
        send(Topic.FACTS, Keys.of("default", "deployment", "d1"), Json.bytes(WireRows.deployment("d1")));
        send(Topic.FACTS, Keys.of("default", "change", "a"), Json.bytes(WireRows.change("a", Duration.ofHours(2))));
        send(Topic.FACTS, Keys.of("default", "incident", "i1"), Json.bytes(WireRows.incident("i1")));
        send(Topic.FACTS, Keys.of("default", "incident", "i2"), Json.bytes(WireRows.incident("i2")));
        send(Topic.FACTS, Keys.of("default", "incident", "i2"), Json.bytes(WireRows.deletedIncident("i2")));
        send(
                Topic.FACTS,
                Keys.of("default", "pull_request", "7"),
                Json.bytes(WireRows.pullRequest("7", Duration.ofHours(3))));
        send(Topic.FACTS, Keys.of("default", "drift", "vpc"), Json.bytes(WireRows.driftEpisode("vpc")));
        send(Topic.FACTS, Keys.of("default", "shift", "k"), Json.bytes(WireRows.shift("change_fail_rate")));
        send(Topic.DORA, "k", Json.bytes(WireRows.dora()));
        send(Topic.PERIODS, "k", Json.bytes(WireRows.quarter(1)));
        send(Topic.PERIODS, "k", Json.bytes(WireRows.quarter(2)));
        send(Topic.CURRENT, "k", Json.bytes(WireRows.current("v1")));
        send(Topic.CURRENT, "k", "{broken".getBytes(StandardCharsets.UTF_8));
        send(Topic.DECISIONS, "default", WireRows.decision("q1"));
        send(Topic.DECISIONS, "default", WireRows.claim("q1"));
        send(Topic.DECISIONS, "default", WireRows.change("sale"));
        send(Topic.ROLLBACKS, "k", Json.bytes(WireRows.rollback()));
        send(Topic.ATTEMPTS, "k", Json.bytes(WireRows.attempt()));
        send(Topic.PROGRESS, "dora/0", Json.bytes(new Progress("dora", 0, FIRST_BEAT, 1)));
        send(Topic.PERIODS, "gone", null);
        JobClient job = start(2);
        try {
            await(
                    "all rows",
                    () -> count("dash.gate_decisions") == 1
                            && count("dash.gate_consumptions") == 1
                            && count("dash.control_changes") == 1
                            && count("dash.rollbacks") == 1
                            && count("dash.rollback_attempts") == 1
                            && count("dash.periods") == 1);
            await("a decision", () -> count("dash.job_progress") == 1);
            assertThat(store.dora().storedThrough()).as("no heartbeat yet").isEmpty();

            beat(FIRST_BEAT);
            await("progress", () -> store.dora().storedThrough().equals(Optional.of(FIRST_BEAT)));
            assertThat(count("dash.deployments")).isEqualTo(1);
            assertThat(count("dash.changes")).isEqualTo(1);
            assertThat(count("dash.dora_windows")).isEqualTo(3);
            assertThat(count("dash.current")).isEqualTo(1);
            assertThat(query("SELECT reason FROM dash.unreadable")).startsWith("not JSON");
            assertThat(query("SELECT state, trigger, from_version, to_version, since FROM dash.rollbacks"))
                    .isEqualTo("expired\tfailed_canary\tv1\tv0\t2026-03-01 10:10:00.000");
            assertThat(query("SELECT order_id, outcome, attempt, words FROM dash.rollback_attempts"))
                    .isEqualTo("o1\tfailed\t1\tanswered with 503");
            assertThat(store.dora().periods("default", "checkout", "production", PeriodKind.QUARTER, null, null))
                    .containsExactly(WireRows.quarter(2));
            assertThat(query("SELECT lead_n, lead_median_ms FROM dash.quarters_from_facts"))
                    .isEqualTo("1\t7200000");
            assertThat(query("SELECT id, deployment_ids FROM dash.incidents")).isEqualTo("i1\t['d0']");
            assertThat(query("SELECT fail_rate_n, failed, recovery_n, recovery_median_ms, pull_request_median_ms"
                            + " FROM dash.quarters_from_facts"))
                    .isEqualTo("1\t1\t1\t1800000\t10800000");
            assertThat(query("SELECT resource, reconcile_ms FROM dash.drift_episodes"))
                    .isEqualTo("vpc\t600000");
            assertThat(query("SELECT metric, direction, after_lower FROM dash.shifts"))
                    .isEqualTo("change_fail_rate\tIMPROVEMENT\t\\N");
            StoredDelivery found = delivery(delivered);
            assertThat(found.outcome()).isEqualTo(Outcome.EVENTS);
            assertThat(found.receivedAt().toEpochMilli()).isEqualTo(delivered.timestamp());
            assertThat(delivery(ignored).outcome()).isEqualTo(Outcome.IGNORED);
            assertThat(delivery(pending).outcome()).isEqualTo(Outcome.PENDING);

            Instant stuck = FIRST_BEAT.plusSeconds(10);
            for (Topic topic : StoreJob.WITH_HEARTBEATS) {
                beat(topic, 0, stuck);
            }
            beat(Topic.DORA, 1, stuck);
            send(Topic.CURRENT, "k", Json.bytes(WireRows.current("v2")));
            await(
                    "the row after the heartbeats",
                    () -> query("SELECT version FROM dash.current").equals("v2"));
            assertThat(store.dora().storedThrough())
                    .as("one partition of each topic has no new heartbeat")
                    .contains(FIRST_BEAT);
            beat(stuck);
            await("progress again", () -> store.dora().storedThrough().equals(Optional.of(stuck)));
        } finally {
            stop(job);
        }
    }

    @Test
    void clickHouseAwayForAWhile_nothingIsMissing() throws Exception {
        int before = 500;
        int during = 3000;
        JobClient job = start(1);
        try {
            for (int i = 0; i < before; i++) {
                send(Topic.FACTS, Keys.of("default", "deployment", "d" + i), Json.bytes(WireRows.deployment("d" + i)));
            }
            beat(FIRST_BEAT);
            await("progress before", () -> store.dora().storedThrough().equals(Optional.of(FIRST_BEAT)));
            int httpPort = clickHouse.httpPort();
            int tcpPort = clickHouse.tcpPort();

            clickHouse.close();
            for (int i = before; i < before + during; i++) {
                send(Topic.FACTS, Keys.of("default", "deployment", "d" + i), Json.bytes(WireRows.deployment("d" + i)));
            }
            beat(FIRST_BEAT.plusSeconds(1));
            // two tries that get no answer: the writer is in the middle of its outage
            try (var deaf = new ServerSocket(httpPort, 5, InetAddress.getLoopbackAddress())) {
                deaf.setSoTimeout(20_000);
                deaf.accept().close();
                deaf.accept().close();
            }
            clickHouse = ClickHouseServer.start(
                    ClickHouseConfig.in(clickHouseDirectory).withPorts(httpPort, tcpPort));

            await("progress after", () -> store.dora().storedThrough().equals(Optional.of(FIRST_BEAT.plusSeconds(1))));
            assertThat(count("dash.deployments")).isEqualTo(before + during);
            assertThat(count("sluice.deployments_history FINAL")).isEqualTo(before + during);
            assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
        } finally {
            stop(job);
        }
    }

    private JobClient start(int parallelism) throws Exception {
        var flink = new Configuration();
        flink.set(PipelineOptions.GENERIC_TYPES, false);
        flink.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(50));
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        StoreJob.build(
                env,
                StoreJobConfig.of(kafka.bootstrapServers(), ClickHouseSettings.at(clickHouse.httpUrl()))
                        .withParallelism(parallelism));
        return env.executeAsync("store");
    }

    private static void stop(JobClient job) throws Exception {
        job.cancel().get(30, TimeUnit.SECONDS);
        await("job ended", () -> job.getJobStatus().get().isGloballyTerminalState());
    }

    private static RecordMetadata send(RawDelivery delivery) throws Exception {
        var record = new ProducerRecord<>(Topic.RAW.topicName(), delivery.key(), delivery.body());
        delivery.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return producer.send(record).get();
    }

    /** Sends a record without waiting; {@link #settle} waits. */
    private void send(Topic topic, String key, byte @Nullable [] value) {
        var record = new ProducerRecord<String, byte[]>(topic.topicName(), key, value);
        record.headers().add(RecordHeaders.GENERATION, "1772366400000".getBytes(StandardCharsets.UTF_8));
        sent.add(producer.send(record));
    }

    private void settle() throws ExecutionException, InterruptedException {
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        sent.clear();
    }

    private void beat(Instant at) throws Exception {
        settle();
        for (Topic topic : StoreJob.WITH_HEARTBEATS) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                beat(topic, partition, at);
            }
        }
    }

    private static void beat(Topic topic, int partition, Instant at) throws Exception {
        var record = new ProducerRecord<>(
                topic.topicName(), partition, Keys.heartbeat(partition), "{}".getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add(RecordHeaders.HEARTBEAT, Long.toString(at.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
        producer.send(record).get();
    }

    private StoredDelivery delivery(RecordMetadata at) {
        DeliveryLookup lookup = store.deliveries().find("default", at.partition(), at.offset(), null);
        assertThat(lookup).isInstanceOf(DeliveryLookup.Found.class);
        return ((DeliveryLookup.Found) lookup).delivery();
    }

    private long count(String source) throws IOException, InterruptedException {
        String count = query("SELECT count() FROM " + source);
        return count.isEmpty() ? -1 : Long.parseLong(count);
    }

    /** Returns the answer's text, empty while the tables are not there yet. */
    private String query(String sql) throws IOException, InterruptedException {
        URI uri = URI.create(clickHouse.httpUrl() + "/?query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8));
        var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body().strip() : "";
    }

    private static String deliveryId(RecordMetadata place) {
        return RawDelivery.deliveryId(place.partition(), place.offset());
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
