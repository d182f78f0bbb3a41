package dev.sluice.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.wire.Json;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
class ProgressOperatorTest {
    private static final long AT = Instant.parse("2025-03-03T12:00:00Z").toEpochMilli();
    private static final long GENERATION = AT + 5_000;
    private static final OutRecord ROW =
            new OutRecord(Topic.DORA.topicName(), OutRecord.BY_KEY, "default/shop", new byte[] {1}, Map.of());

    private static OneInputStreamOperatorTestHarness<OutRecord, OutRecord> open(int partitions) throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<OutRecord, OutRecord>(
                new ProgressOperator("dora", List.of(Topic.DORA, Topic.FACTS), partitions));
        harness.setProcessingTime(GENERATION);
        harness.open();
        return harness;
    }

    private static String place(OutRecord record) {
        return record.topic() + " " + record.partition() + " " + record.key();
    }

    private static List<OutRecord> progress(OneInputStreamOperatorTestHarness<OutRecord, OutRecord> harness) {
        return harness.extractOutputValues().stream()
                .filter(record -> record.topic().equals(Topic.PROGRESS.topicName()))
                .toList();
    }

    private static List<Long> published(OneInputStreamOperatorTestHarness<OutRecord, OutRecord> harness) {
        return progress(harness).stream()
                .map(record -> Json.read(record.content(), Progress.class).at().toEpochMilli())
                .toList();
    }

    @Test
    void passesRecordsOnInTheirOrder() throws Exception {
        try (var harness = open(1)) {
            var other = new OutRecord(Topic.FACTS.topicName(), OutRecord.BY_KEY, "k", new byte[] {2}, Map.of());
            harness.processElement(ROW, 0);
            harness.processElement(other, 0);

            assertThat(harness.extractOutputValues())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(ROW, other);
        }
    }

    @Test
    void recordsComeFirst_thenAHeartbeatInEachPartitionOfEachTopicAndProgress() throws Exception {
        try (var harness = open(2)) {
            harness.processElement(ROW, 0);
            harness.processWatermark(AT);

            assertThat(harness.extractOutputValues())
                    .extracting(ProgressOperatorTest::place)
                    .containsExactly(
                            "sluice.dora.v1 -1 default/shop",
                            "sluice.dora.v1 0 ~heartbeat/0",
                            "sluice.facts.v1 0 ~heartbeat/0",
                            "sluice.progress.v1 -1 dora/0",
                            "sluice.dora.v1 1 ~heartbeat/1",
                            "sluice.facts.v1 1 ~heartbeat/1",
                            "sluice.progress.v1 -1 dora/1");
        }
    }

    @Test
    void heartbeatCarriesTheTimeAndNoContent() throws Exception {
        try (var harness = open(1)) {
            harness.processWatermark(AT);
            OutRecord heartbeat = harness.extractOutputValues().get(0);

            assertThat(heartbeat.headers()).containsOnly(Map.entry(RecordHeaders.HEARTBEAT, Long.toString(AT)));
            assertThat(new String(heartbeat.value(), UTF_8)).isEqualTo("{}");
        }
    }

    @Test
    void progressSaysWhichAttemptOfTheJobItSpeaksOf() throws Exception {
        try (var harness = open(2)) {
            harness.processWatermark(AT);

            assertThat(progress(harness))
                    .extracting(record -> Json.read(record.content(), Progress.class))
                    .containsExactly(
                            new Progress("dora", 0, Instant.ofEpochMilli(AT), GENERATION),
                            new Progress("dora", 1, Instant.ofEpochMilli(AT), GENERATION));
            assertThat(progress(harness).get(0).headers())
                    .as("progress is no heartbeat")
                    .isEmpty();
        }
    }

    @Test
    void passesTheWatermarkOn() throws Exception {
        try (var harness = open(1)) {
            harness.processWatermark(AT);

            assertThat(harness.getOutput()).contains(new Watermark(AT));
        }
    }

    @Test
    void skipsStepsOfLessThanHalfASecond() throws Exception {
        try (var harness = open(1)) {
            harness.processWatermark(AT);
            harness.processWatermark(AT + 499);
            assertThat(published(harness)).containsExactly(AT);

            harness.processWatermark(AT + 500);
            harness.processWatermark(AT + 999);
            harness.processWatermark(AT + 1_000);
            assertThat(published(harness)).containsExactly(AT, AT + 500, AT + 1_000);
        }
    }

    @Test
    void endOfInputIsNoProgress() throws Exception {
        try (var harness = open(1)) {
            harness.processElement(new StreamRecord<>(ROW));
            harness.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(harness.extractOutputValues())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(ROW);
            assertThat(harness.getOutput()).contains(Watermark.MAX_WATERMARK);
        }
    }
}
