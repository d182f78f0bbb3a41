package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.Receiver;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon an order arrives, and what becomes of one whose receiver is away for long. */
class RollbackDeliveryIT {
    private static final int SERVICES = 100;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @Test
    @Tag("soak") // a hundred services
    void theFirstDeliveryFollowsAVerdictWithinASecond() throws Exception {
        try (var receiver = new Receiver();
                SluiceAssembly sluice = SluiceAssembly.withRollbacks(
                        directory, Duration.ofMinutes(1), receiver.authority(), RollbackCalls.SECRET);
                var jobs = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", sluice.bootstrap(), "linger.ms", 0),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            var calls = new RollbackCalls(sluice::client, receiver);
            for (int i = 0; i < SERVICES; i++) {
                calls.running("service-" + i);
                Control run = run("service-" + i);
                jobs.send(new ProducerRecord<>(Topic.CONTROL.topicName(), run.key(), Json.bytes(run)))
                        .get(10, TimeUnit.SECONDS);
            }
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < SERVICES; i++) {
                String service = "service-" + i;
                CanaryStanding failed = failed(service);
                long said = System.nanoTime();
                var unused =
                        jobs.send(new ProducerRecord<>(Topic.VERDICTS.topicName(), failed.key(), Json.bytes(failed)));
                calls.awaitReceived(service);
                millis.add(TimeUnit.NANOSECONDS.toMillis(
                        receiver.at("/" + service).get(0).atNanos() - said));
            }
            Collections.sort(millis);
            System.out.printf(
                    "verdict to first delivery, %d orders: p50 %d ms, p99 %d ms, most %d ms%n",
                    SERVICES, millis.get(SERVICES / 2), millis.get(SERVICES * 99 / 100), millis.get(SERVICES - 1));
            assertThat(millis.get(SERVICES * 99 / 100)).isLessThanOrEqualTo(1_000);
        }
    }

    private static Control run(String service) {
        var document = new CanaryRunDocument(
                service,
                "production",
                "v1",
                "v2",
                Json.mapper().createObjectNode(),
                "sha256:0",
                Instant.now(),
                List.of(),
                null);
        return new Control("default", Control.CANARY, service + "-run", "test", Instant.now(), false, document.json());
    }

    private static CanaryStanding failed(String service) {
        Instant now = Instant.now();
        return new CanaryStanding(
                "default",
                service + "-run",
                "sha256:0",
                false,
                0,
                now.plusSeconds(60),
                1,
                0,
                List.of(),
                null,
                Json.mapper()
                        .valueToTree(
                                Map.of("state", "Failed", "at", now.toString(), "reasons", List.of("errors: 3 %"))),
                false);
    }

    @Test
    @Tag("soak") // as long as the receiver is away
    void aReceiverThatIsAwayForFiveMinutesGetsWhatHasNotExpired() throws Exception {
        var before = new Receiver();
        int port = before.port();
        try (SluiceAssembly sluice = SluiceAssembly.withRollbacks(
                directory, Duration.ofMinutes(1), before.authority(), RollbackCalls.SECRET)) {
            var calls = new RollbackCalls(sluice::client, before);
            calls.running("within", Duration.ofMinutes(10));
            calls.running("after", Duration.ofMinutes(2));
            before.close();
            calls.incident("within", Duration.ZERO);
            calls.incident("after", Duration.ZERO);
            Thread.sleep(AWAY.toMillis());
            assertThat(calls.state("within")).isEqualTo("ordered");
            assertThat(calls.state("after")).isEqualTo("expired");

            try (var back = new Receiver(port)) {
                SluiceProcess.await(
                        "the order arrives",
                        LIMIT.plusMinutes(1),
                        () -> calls.state("within").equals("delivered"));
                assertThat(back.at("/within")).hasSize(1);
                assertThat(back.at("/after")).isEmpty();
                System.out.printf(
                        "away for %d s: delivered at attempt %d; expired after %d attempts%n",
                        AWAY.toSeconds(),
                        calls.order("within").path("attempts").asInt(),
                        calls.order("after").path("attempts").asInt());
            }
        }
    }
}
