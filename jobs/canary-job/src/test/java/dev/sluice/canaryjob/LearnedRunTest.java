package dev.sluice.canaryjob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canaryjob.learn.LearnFunction;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run of a gauge whose points are sent, after its config has learned between runs. */
class LearnedRunTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final int LEARNED = 400;
    private static final int JUDGED = 200;
    private static final String KEY = "acme/r1";
    private static final String CONFIG = """
            {"learn": "always", "selectors": {"baseline": "{track='stable'}", "canary": "{track='canary'}"},
             "horizon": "1h", "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""";

    private final Random random = new Random(SEED);
    private final KeyedOneInputStreamOperatorTestHarness<String, LearnInput, CanaryInput> learn;
    private final KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, OutRecord> runs;

    LearnedRunTest() throws Exception {
        learn = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new LearnFunction()), LearnInput::key, Types.STRING);
        runs = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new CanaryFunction(START::toEpochMilli)), CanaryInput::key, Types.STRING);
    }

    @BeforeEach
    void open() throws Exception {
        learn.open();
        runs.open();
        runs.processWatermark(START.toEpochMilli());
    }

    @AfterEach
    void close() throws Exception {
        learn.close();
        runs.close();
    }

    /** Nothing is judged before what was learned is at hand, and kept; then the gauge decides, and what it began with can be replayed. */
    @Test
    void aGaugeDecidesByWhatWasLearned() throws Exception {
        begin(CONFIG, "checkout");
        assertThat(standing().doubts()).containsExactly(Doubts.NOT_LEARNED_YET);
        assertThat(verdict().get("state").asText()).isEqualTo("Pending");
        send(1.5);
        assertThat(standing().buckets()).isZero();
        assertThat(verdict().get("state").asText()).isEqualTo("Pending");

        runs.processElement(learned(), 0);
        runs.snapshot(1, 1);
        runs.notifyOfCompletedCheckpoint(1);
        runs.processWatermark(START.toEpochMilli() + 1);

        assertThat(verdict().get("state").asText()).as("seed %d", SEED).isEqualTo("Failed");
        assertThat(verdict().get("notes").toString()).contains("history: 67 min of before the run were learned");
        CanaryBucket first = Json.read(of(Topic.BUCKETS).get(0).content(), CanaryBucket.class);
        assertThat(first.calibrated()).isEqualTo(learned().calibrated());
        assertThat(first.begin()).isBefore(START);
        forget(CONFIG, "checkout");
    }

    /** Both ways to a run are its own: what was learned may come first, and is not told again. */
    @Test
    void whatWasLearnedMayComeBeforeTheRunIsHeardOf() throws Exception {
        runs.processElement(learned(), 0);
        assertThat(runs.extractOutputValues()).isEmpty();
        begin(CONFIG, "checkout");
        runs.snapshot(1, 1);
        runs.notifyOfCompletedCheckpoint(1);
        send(1.5);

        assertThat(verdict().get("state").asText()).as("seed %d", SEED).isEqualTo("Failed");
        assertThat(verdict().get("notes").toString()).contains("history: 67 min of before the run were learned");
        forget(CONFIG, "checkout");
    }

    @Test
    void whatWasLearnedForARunThatNobodyHearsOfIsForgotten() throws Exception {
        runs.processElement(learned(), 0);
        assertThat(runs.numKeyedStateEntries()).isPositive();
        runs.processWatermark(START.plus(CanaryFunction.PATIENCE).toEpochMilli());
        assertThat(runs.numKeyedStateEntries()).isZero();
        assertThat(runs.numEventTimeTimers()).isZero();
    }

    /** The same canary, by the same config, passes where it is as good as its baseline. */
    @Test
    void aGaugePassesByWhatWasLearned() throws Exception {
        begin(CONFIG, "checkout");
        runs.processElement(learned(), 0);
        runs.snapshot(1, 1);
        runs.notifyOfCompletedCheckpoint(1);
        send(1);

        assertThat(verdict().get("state").asText()).as("seed %d", SEED).isEqualTo("Successful");
    }

    /** Without anything learned it is advisory, and says so in words, as where nobody learns at all. */
    @Test
    void withoutAnythingLearnedItDecidesNothing() throws Exception {
        begin(CONFIG, "checkout");
        learn.processElement(LearnInput.run("acme/checkout", "r1", document(CONFIG, "checkout", null)), 0);
        learn.processWatermark(START.toEpochMilli());
        runs.processElement(learn.extractOutputValues().get(0), 0);
        runs.snapshot(1, 1);
        runs.notifyOfCompletedCheckpoint(1);
        send(1.5);
        assertThat(verdict().get("state").asText()).isEqualTo("Inconclusive");
        assertThat(verdict().get("notes").toString()).contains("no history: ");
        assertThat(verdict().at("/metrics/0/reason").asText()).contains("advisory: a gauge without history");
    }

    /** Only a config that has a name learns: a run of any other waits for nothing. */
    @Test
    void aRunWithoutANameWaitsForNothing() throws Exception {
        begin(CONFIG.replace("\"learn\": \"always\", ", ""), null);
        send(1.5);
        assertThat(standing().buckets()).isPositive();
        assertThat(verdict().get("state").asText()).isEqualTo("Inconclusive");
    }

    private void begin(String config, @Nullable String name) throws Exception {
        runs.processElement(new CanaryInput(KEY, "acme", "r1", document(config, name, null), null), 0);
    }

    private void forget(String config, String name) throws Exception {
        Instant end = START.plusSeconds(10L * JUDGED);
        runs.processElement(new CanaryInput(KEY, "acme", "r1", document(config, name, end), null), 0);
        runs.processWatermark(end.plusSeconds(120).toEpochMilli());
        runs.processWatermark(end.plus(CanaryFunction.KEPT).plusSeconds(120).toEpochMilli());
        assertThat(standing().deleted()).isTrue();
        assertThat(runs.numKeyedStateEntries()).isZero();
        assertThat(runs.numEventTimeTimers()).isZero();
    }

    /** Returns what a run is told at its start. */
    private CanaryInput learned() throws Exception {
        if (learn.extractOutputValues().isEmpty()) {
            learn.processElement(LearnInput.saved("acme/checkout", CONFIG.getBytes(UTF_8)), 0);
            for (int t = -LEARNED - 7; t < -7; t++) {
                learn.processElement(LearnInput.samples("acme/checkout", batch(t, 1, false)), 0);
            }
            learn.processElement(LearnInput.run("acme/checkout", "r1", document(CONFIG, "checkout", null)), 0);
            learn.processWatermark(START.toEpochMilli());
        }
        return learn.extractOutputValues().get(0);
    }

    private void send(double factor) throws Exception {
        for (int t = 0; t < JUDGED; t++) {
            runs.processElement(new CanaryInput(KEY, "acme", "r1", null, batch(t, factor, true)), 0);
        }
    }

    /** Two pods of the baseline, and one of the canary. */
    private byte[] batch(int t, double factor, boolean hasCanary) {
        SampleBatch.Point one = point("baseline", "b1", t, 1);
        SampleBatch.Point other = point("baseline", "b2", t, 1);
        List<SampleBatch.Point> points =
                hasCanary ? List.of(one, other, point("canary", "c1", t, factor)) : List.of(one, other);
        var learner = new SampleBatch.Learner("acme", "checkout", CanaryConfigs.learned(json(CONFIG)));
        return Json.bytes(
                hasCanary
                        ? new SampleBatch("acme", "r1", "memory", 0, points)
                        : SampleBatch.learned(learner, "memory", points, List.of()));
    }

    private SampleBatch.Point point(String arm, String pod, int t, double mean) {
        double level = mean * Math.exp(0.05 * random.nextGaussian());
        Instant at = START.plusSeconds(10L * t + 5);
        return new SampleBatch.Point(
                arm,
                "{pod=" + pod + "}",
                pod,
                null,
                null,
                null,
                at,
                null,
                level,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static JsonNode json(String config) {
        return Json.read(config.getBytes(UTF_8), JsonNode.class);
    }

    private static byte[] document(String config, @Nullable String name, @Nullable Instant end) {
        return Json.bytes(new CanaryRunDocument(
                        "checkout", "production", null, "2", json(config), name, "sha256:0", START, List.of(), end)
                .json());
    }

    private List<OutRecord> of(Topic topic) {
        return runs.extractOutputValues().stream()
                .filter(record -> record.topic().equals(topic.topicName()))
                .toList();
    }

    private CanaryStanding standing() {
        List<OutRecord> verdicts = of(Topic.VERDICTS);
        return Json.read(verdicts.get(verdicts.size() - 1).content(), CanaryStanding.class);
    }

    private JsonNode verdict() {
        return requireNonNull(standing().verdict());
    }
}
