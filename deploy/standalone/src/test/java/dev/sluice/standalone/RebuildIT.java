package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rebuild as users run it. */
class RebuildIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path data;

    /** One life after another on the same data: every start costs about 15 s. */
    @Test
    void losesNothingUnasked_andIsEndedBeforeAnythingElse() throws Exception {
        deployAndStop();

        try (SluiceProcess rebuilt = rebuild().awaitReady()) {
            assertThat(rebuilt.output())
                    .contains("[ok]   ClickHouse has all events of the old Kafka")
                    .contains("1 archived events played");
            OneService.awaitVersion(rebuilt, "v1");
        }

        appendEventThatNobodyStores();
        try (SluiceProcess refused = rebuild()) {
            assertThat(refused.awaitExit()).isEqualTo(1);
            assertThat(refused.output())
                    .contains("[fail] ClickHouse has not stored the last 1 events of Kafka, which a rebuild would lose")
                    .contains("--accept-loss")
                    .doesNotContain("\tat ");
        }
        assertThat(data.resolve("rebuild.begun")).doesNotExist();
        assertThat(data.resolve("kafka/meta.properties")).exists();

        // as one leaves it that is killed while it plays
        Files.writeString(data.resolve("rebuild.begun"), "playing");
        try (SluiceProcess up = SluiceProcess.launch(data, 0)) {
            assertThat(up.awaitExit()).isEqualTo(1);
            assertThat(up.output()).contains("[fail] a rebuild of " + data + " has begun and not ended");
        }
    }

    @Test
    @Tag("soak") // a minute; in the normal run RebuildTest looks at what is moved and deleted
    void endsWhatWasInterrupted_andLosesWhatItIsAllowedTo() throws Exception {
        deployAndStop();

        Files.writeString(data.resolve("rebuild.begun"), "playing");
        try (SluiceProcess ended = rebuild().awaitReady()) {
            assertThat(ended.output()).contains("the rebuild that has begun is begun again");
            OneService.awaitVersion(ended, "v1");
        }
        assertThat(data.resolve("rebuild.begun")).doesNotExist();

        appendEventThatNobodyStores();
        try (SluiceProcess lossy = rebuild("--accept-loss").awaitReady()) {
            OneService.awaitVersion(lossy, "v1");
        }
    }

    private void deployAndStop() throws Exception {
        try (SluiceProcess first = SluiceProcess.launch(data, 0).awaitReady()) {
            OneService.deploy(first, "v1");
            OneService.awaitVersion(first, "v1");
            SluiceProcess.await("the event is stored, and that is noted", LIMIT, () -> stored(first) == 1);
            assertThat(first.terminate()).isEqualTo(143);
        }
    }

    private SluiceProcess rebuild(String... options) throws IOException {
        return SluiceProcess.launch(
                data, 0, Map.of(), options.length == 0 ? List.of("--rebuild") : List.of("--rebuild", options[0]));
    }

    /** Counts the events up to which ClickHouse says that all is stored. */
    private static int stored(SluiceProcess sluice) {
        try {
            return Integer.parseInt(sluice.sql("""
                    SELECT count() FROM sluice.events AS e FINAL
                    INNER JOIN (SELECT partition, next_offset FROM sluice.store_offsets FINAL
                                WHERE topic = 'sluice.events.v1') AS o ON o.partition = e.row_partition
                    WHERE e.row_offset < o.next_offset""").strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void appendEventThatNobodyStores() throws ExecutionException, InterruptedException {
        try (KafkaBroker old = KafkaBroker.start(KafkaBrokerConfig.in(data.resolve("kafka")));
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", old.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] event = "{}".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topic.EVENTS.topicName(), event)).get();
        }
    }
}
