package dev.sluice.gateapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.statistics.Interval;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Rows of the jobs, requests to a running gate API, and waiting for what follows. */
final class GateApiFixture {
    static final String TENANT = "default";
    static final String EVALUATION = "{\"service\":\"%s\",\"environment\":\"production\"}";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private GateApiFixture() {}

    /** Returns the hash of a token, as a token file has it. */
    static String sha256(String secret) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    }

    static DoraRow row(String service, int success, int n) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        var metrics = DeliveryMetrics.empty()
                .with(new DeliveryMetrics.DeploymentFrequency(
                        success, success / 30.0, null, success, 0, null, null, success, 0, 0, 0))
                .with(new DeliveryMetrics.ChangeLeadTime(20, 3.6e6, null, 7.2e6, 0, 0, null))
                .with(new DeliveryMetrics.PullRequestLeadTime(
                        9, 9e7, new Interval(7e7, 1.1e8), 2e8, 1e8, 5e7, 1e7, 3e7, 1e7, 1, 0, 0, null))
                .with(new DeliveryMetrics.ChangeFailRate(
                        20, 0.1, new Interval(0.028, 0.301), 2, 1, 1, 2, 3, 1, 1, Instant.now(), null))
                .with(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                        2, 2.7e6, null, 4.1e6, 2.7e6, 0, 2, 6.3e6, 4, 3.6e6, null))
                .with(new DeliveryMetrics.DeploymentSuccessRate(
                        n, n == 0 ? null : (double) success / n, null, success, n - success, 0, 0, 0, null))
                .with(new DeliveryMetrics.ConfigurationDrift(
                        86_400_000, 0.25, 21_600_000, 288, 2, 2.0, 1, 3.6e6, null, null));
        return new DoraRow(
                TENANT,
                service,
                "production",
                "UTC",
                today,
                List.of(
                        new DoraRow.WindowMetrics(7, today.minusDays(6), today, metrics),
                        new DoraRow.WindowMetrics(30, today.minusDays(29), today, metrics),
                        new DoraRow.WindowMetrics(90, today.minusDays(89), today, metrics)),
                false,
                Instant.now());
    }

    static CurrentRow running(String service, String version, boolean deleted) {
        return new CurrentRow(
                TENANT,
                service,
                "production",
                "github/1",
                version,
                "abc",
                null,
                Instant.parse("2026-01-02T03:04:05Z"),
                null,
                null,
                1,
                Instant.parse("2026-01-02T04:00:00Z"),
                2,
                new TreeMap<>(Map.of("", 1, "sev1", 1)),
                true,
                Instant.parse("2026-01-02T05:00:00Z"),
                deleted,
                Instant.now());
    }

    static KafkaProducer<String, byte[]> jobs(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new ByteArraySerializer());
    }

    static RecordMetadata put(KafkaProducer<String, byte[]> jobs, DoraRow row, long generation) {
        return put(jobs, Topic.DORA, Keys.of(row.tenant(), row.service(), row.environment()), row, generation);
    }

    static RecordMetadata put(KafkaProducer<String, byte[]> jobs, CurrentRow row, long generation) {
        return put(jobs, Topic.CURRENT, Keys.of(row.tenant(), row.service(), row.environment()), row, generation);
    }

    /** The dora job says of which class an environment is by the catalogue. */
    static RecordMetadata put(KafkaProducer<String, byte[]> jobs, EnvironmentClassRow row, long generation) {
        return put(
                jobs,
                Topic.CURRENT,
                Keys.environmentClass(row.tenant(), row.environment()),
                row,
                generation,
                Map.of(RecordHeaders.ROW, RecordHeaders.ENVIRONMENT_CLASS));
    }

    /** What the catalogue says of an environment cannot be read. */
    static RecordMetadata putUnreadableClass(KafkaProducer<String, byte[]> jobs, String tenant, String environment) {
        return put(
                jobs,
                Topic.CURRENT,
                Keys.environmentClass(tenant, environment),
                Map.of("classes", "none"),
                1,
                Map.of(RecordHeaders.ROW, RecordHeaders.ENVIRONMENT_CLASS));
    }

    /** The dora job has come so far: a heartbeat in each partition of its rows, then its progress. */
    static RecordMetadata progress(KafkaProducer<String, byte[]> jobs, Instant at) {
        jobs.partitionsFor(Topic.DORA.topicName()).forEach(partition -> heartbeat(jobs, partition.partition(), at));
        return publishedProgress(jobs, at);
    }

    /** The dora job says how far it has come before the rows that this covers can be read. */
    static RecordMetadata publishedProgress(KafkaProducer<String, byte[]> jobs, Instant at) {
        var progress = new Progress("dora", 0, at, 1);
        return put(jobs, Topic.PROGRESS, progress.key(), progress, 1);
    }

    private static RecordMetadata put(
            KafkaProducer<String, byte[]> jobs, Topic topic, String key, Object row, long generation) {
        return put(jobs, topic, key, row, generation, Map.of());
    }

    private static RecordMetadata put(
            KafkaProducer<String, byte[]> jobs,
            Topic topic,
            String key,
            Object row,
            long generation,
            Map<String, String> more) {
        var found = new ProducerRecord<>(topic.topicName(), key, Json.bytes(row));
        found.headers().add(RecordHeaders.GENERATION, Long.toString(generation).getBytes(StandardCharsets.UTF_8));
        more.forEach((header, value) -> found.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
        return send(jobs, found);
    }

    static RecordMetadata heartbeat(KafkaProducer<String, byte[]> jobs, int partition, Instant at) {
        var beat = new ProducerRecord<>(
                Topic.DORA.topicName(), partition, Keys.heartbeat(partition), Json.bytes(Map.of()));
        beat.headers()
                .add(RecordHeaders.HEARTBEAT, Long.toString(at.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
        return send(jobs, beat);
    }

    private static RecordMetadata send(KafkaProducer<String, byte[]> jobs, ProducerRecord<String, byte[]> record) {
        try {
            return jobs.send(record).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("a job could not write", e);
        }
    }

    static Answer get(GateApi api, String path) {
        return send(request(api, path).GET());
    }

    static Answer post(GateApi api, String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request =
                request(api, path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static Answer evaluate(GateApi api, String service) {
        return post(api, "/v1/gates/production/evaluate", "application/json", EVALUATION.formatted(service));
    }

    static HttpRequest.Builder request(GateApi api, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    /** Sends a request; that the answer is not documented fails the test. */
    static Answer send(HttpRequest.Builder request) {
        long started = System.nanoTime();
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            var answer = new Answer(response, Duration.ofNanos(System.nanoTime() - started));
            DocumentedAnswers.check(response);
            return answer;
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits until the condition holds; fails with the last value of {@code what} after two minutes. */
    static void await(Callable<Boolean> condition, Callable<Object> what) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + LIMIT + ": " + what.call());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    static void awaitReady(GateApi api) throws Exception {
        await(
                () -> get(api, "/readyz").status() == 200,
                () -> get(api, "/readyz").text());
    }

    /** All records that stand in the topic now. */
    static List<ConsumerRecord<String, byte[]>> records(String bootstrap, Topic topic) {
        try (var consumer = consumer(bootstrap)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** Whoever closes one waits for the fetch that it has begun, which is over as soon as there is nothing. */
    private static KafkaConsumer<String, byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest", "fetch.max.wait.ms", 10),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The record at a place. */
    static ConsumerRecord<String, byte[]> record(String bootstrap, Topic topic, int partition, long offset) {
        try (var consumer = consumer(bootstrap)) {
            var place = new TopicPartition(topic.topicName(), partition);
            consumer.assign(List.of(place));
            consumer.seek(place, offset);
            return consumer.poll(LIMIT).records(place).get(0);
        }
    }

    /** Records of the raw topic that are no heartbeats. */
    static List<ConsumerRecord<String, byte[]>> deliveries(String bootstrap) {
        return records(bootstrap, Topic.RAW).stream()
                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) == null)
                .toList();
    }

    /** An answer and how long it took. */
    record Answer(HttpResponse<byte[]> response, Duration took) {
        int status() {
            return response.statusCode();
        }

        String text() {
            return status() + " " + new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            try {
                return Json.mapper().readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text(), e);
            }
        }

        String at(String pointer) {
            return json().at(pointer).asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** Returns the value of a record's header, null where there is none. */
    static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
