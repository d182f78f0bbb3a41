package dev.sluice.canaryjob.learn;

import static dev.sluice.canaryjob.learn.LearnFixture.batch;
import static dev.sluice.canaryjob.learn.LearnFixture.config;
import static dev.sluice.canaryjob.learn.LearnFixture.counter;
import static dev.sluice.canaryjob.learn.LearnFixture.harness;
import static dev.sluice.canaryjob.learn.LearnFixture.json;
import static dev.sluice.canaryjob.learn.LearnFixture.level;
import static dev.sluice.canaryjob.learn.LearnFixture.run;
import static dev.sluice.canaryjob.learn.LearnFixture.series;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.PastBaseline;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.canaryjob.state.PendingPoint;
import dev.sluice.canaryjob.state.Withheld;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnFunctionTest {
    private static final long SEED = 20261129;
    private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");
    private static final String KEY = "acme/checkout";
    /** More than a gauge needs. */
    private static final int BUCKETS = 300;

    private static final String NOTHING = "no history: of two pods of the baseline nothing was learned between runs";
    private static final Instant START = BEGIN.plusSeconds(10L * BUCKETS + 300);
    private static final String CONFIG = """
            {"learn": "always", "selectors": {"baseline": "{track='stable'}", "canary": "{track='canary'}"},
             "bucket": "10s", "metrics": [
               {"name": "errors", "kind": "ratio",
                "series": {"events": "requests_total{code=~'5..'}", "exposure": "requests_total"}},
               {"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""";

    private KeyedOneInputStreamOperatorTestHarness<String, LearnInput, CanaryInput> harness;

    LearnFunctionTest() throws Exception {
        harness = harness(null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    /** What is learned while no run is running teaches what the same points would have as a history that was asked for. */
    @Test
    void aRunBeginsWithWhatWasLearned() throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        save(CONFIG);
        send(points);
        harness.processWatermark(START.toEpochMilli() - 1);
        start("r1", CONFIG);
        assertThat(harness.extractOutputValues()).isEmpty();
        harness.processWatermark(START.toEpochMilli());

        CanaryInput told = told(1);
        assertThat(told.key()).isEqualTo("acme/r1");
        assertThat(told.calibrated())
                .as("seed %d", SEED)
                .isEqualTo(taught(
                        points,
                        "history: 50 min of before the run were learned, by two halves of the baseline's pods"));
        assertThat(taught(points, "")).isNotEqualTo(untaught(""));
    }

    /** Each stage, and the end, is heard of with all that is set of the run: that is no reason to be told again. */
    @Test
    void aRunIsToldOnce() throws Exception {
        save(CONFIG);
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli() + 1);
        assertThat(told(1).run()).isEqualTo("r1");

        Instant later = START.plus(Duration.ofDays(2));
        harness.processElement(LearnInput.run(KEY, "r2", run(CONFIG, later)), 0);
        harness.processWatermark(later.toEpochMilli());
        assertThat(told(2).run()).isEqualTo("r2");
        List<String> remembered = new ArrayList<>();
        state("told", Types.STRING, Types.LONG).keys().forEach(remembered::add);
        assertThat(remembered).containsExactly("r2");
    }

    /** Order and copies change nothing, within what progress waits for; neither does a restart in the middle. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void orderCopiesAndRestartsDoNotMatter(long seed) throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        List<SamplePoint> shuffled = new ArrayList<>();
        var random = new Random(seed);
        for (int from = 0; from < points.size(); from += 24) {
            List<SamplePoint> some = new ArrayList<>(points.subList(from, Math.min(points.size(), from + 24)));
            some.addAll(some.subList(0, some.size() / 3));
            Collections.shuffle(some, random);
            shuffled.addAll(some);
        }
        save(CONFIG);
        Instant newest = BEGIN;
        for (int i = 0; i < shuffled.size(); i++) {
            newest = newest.isBefore(shuffled.get(i).at()) ? shuffled.get(i).at() : newest;
            send(shuffled.subList(i, i + 1));
            harness.processWatermark(newest.toEpochMilli());
            if (i == shuffled.size() / 2) {
                OperatorSubtaskState snapshot = harness.snapshot(1, 1);
                harness.close();
                harness = harness(snapshot);
            }
        }
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());

        assertThat(told(1).calibrated())
                .isEqualTo(taught(
                        points,
                        "history: 50 min of before the run were learned, by two halves of the baseline's pods"));
    }

    /** What is older than a day and a quarter of an hour is not taught, however long it was learned. */
    @Test
    void aDayIsKept() throws Exception {
        String config = CONFIG.replace("10s", "600s");
        save(config);
        Instant start = BEGIN.plus(Duration.ofHours(50));
        for (SamplePoint point : points(300, 600)) {
            send(config, List.of(point));
            harness.processWatermark(point.at().toEpochMilli());
        }
        harness.processElement(LearnInput.run(KEY, "r1", run(config, start)), 0);
        harness.processWatermark(start.toEpochMilli());

        assertThat(notes(told(1)))
                .contains("history: 24.3 h of before the run were learned, by two halves of the baseline's pods");
    }

    /** What was long before the run is no history of it. */
    @Test
    void whatWasLearnedLongAgoIsNoHistory() throws Exception {
        save(CONFIG);
        send(points(BUCKETS, 10));
        Instant start = START.plus(Duration.ofDays(2));
        harness.processWatermark(start.toEpochMilli() - 1);
        harness.processElement(LearnInput.run(KEY, "r1", run(CONFIG, start)), 0);
        harness.processWatermark(start.toEpochMilli());

        assertThat(notes(told(1))).contains("no history: of two pods of the baseline nothing was learned between runs");
    }

    /** Nothing learned is no history: the gauge is advisory, as where nobody learns. */
    @Test
    void whereNothingWasLearnedTheRunSaysSo() throws Exception {
        save(CONFIG);
        send(points(BUCKETS, 10).stream()
                .filter(point -> point.series().pod().equals("pod-1"))
                .toList());
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());

        assertThat(told(1).calibrated())
                .isEqualTo(untaught("no history: of two pods of the baseline nothing was learned between runs"));
    }

    @Test
    void aConfigThatIsDeletedIsForgotten() throws Exception {
        save(CONFIG);
        send(points(BUCKETS, 10));
        harness.processWatermark(BEGIN.plusSeconds(1000).toEpochMilli());
        start("r1", CONFIG);
        harness.processElement(LearnInput.forgotten(KEY), 0);
        harness.processWatermark(START.toEpochMilli());

        assertThat(told(1).calibrated()).isEqualTo(untaught("no history: no config of this name learns any more"));
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    /** What it is judged by may change; what it learns of may not. */
    @Test
    void anotherConfigLearnsAnew() throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        save(CONFIG);
        send(points);
        harness.processWatermark(BEGIN.plusSeconds(10L * BUCKETS + 100).toEpochMilli());
        String stricter = CONFIG.replace("\"bucket\"", "\"alpha\": 0.001, \"bucket\"");
        String others = CONFIG.replace("memory_bytes", "heap_bytes");
        save(stricter);
        start("r1", stricter);
        start("r2", others);
        harness.processWatermark(START.toEpochMilli());
        assertThat(notes(told(2, "acme/r1"))).anyMatch(note -> note.startsWith("history: 50 min"));
        assertThat(notes(told(2, "acme/r2")))
                .contains("no history: the config of this name learns of other series since it was changed");

        save(others);
        start("r3", others);
        harness.processWatermark(START.toEpochMilli() + 1);
        assertThat(notes(told(3, "acme/r3")))
                .contains("no history: of two pods of the baseline nothing was learned between runs");
    }

    /** Points may be read before the config that they are learned for. */
    @Test
    void pointsWaitForTheirConfig() throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        harness.setProcessingTime(START.toEpochMilli());
        send(points);
        harness.processWatermark(START.toEpochMilli() - 1);
        save(CONFIG);
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());

        assertThat(notes(told(1))).anyMatch(note -> note.startsWith("history: 50 min"));
        harness.processElement(LearnInput.forgotten(KEY), 0);
        harness.processWatermark(START.plus(LearnFunction.PATIENCE).toEpochMilli());
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void pointsOfAConfigThatNobodySavedAreForgotten() throws Exception {
        harness.processWatermark(BEGIN.toEpochMilli());
        send(points(2, 10));
        assertThat(harness.numKeyedStateEntries()).isPositive();
        harness.processWatermark(BEGIN.plus(LearnFunction.PATIENCE).toEpochMilli());
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    /** A bucket that was made stays as it is; points of after the start are of no run that had started by then. */
    @Test
    void latePointsAndThoseOfAfterTheStartChangeNothing() throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        save(CONFIG);
        send(points);
        harness.processWatermark(START.toEpochMilli() - 1);
        send(List.of(level("pod-9", BEGIN.plusSeconds(105), 1e9)));
        for (int t = 0; t < 30; t++) {
            send(List.of(
                    level("pod-1", START.plusSeconds(10L * t), 1e9), level("pod-2", START.plusSeconds(10L * t), 1)));
        }
        harness.processWatermark(START.plusSeconds(600).toEpochMilli());
        start("r1", CONFIG);
        harness.processWatermark(START.plusSeconds(601).toEpochMilli());

        assertThat(told(1).calibrated())
                .isEqualTo(taught(
                        points,
                        "history: 50 min of before the run were learned, by two halves of the baseline's pods"));
    }

    /** What a canary's pod says is no baseline, whoever sends it. */
    @Test
    void theCanaryTeachesNothing() throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        save(CONFIG);
        send(points);
        send(points.stream()
                .map(point -> new SamplePoint(point.metric(), Arm.CANARY, series("pod-0"), point.at(), point.measure()))
                .toList());
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());

        assertThat(told(1).calibrated())
                .isEqualTo(taught(
                        points,
                        "history: 50 min of before the run were learned, by two halves of the baseline's pods"));
    }

    /** Pods come and go for ever: who is gone is forgotten, and what is kept is of a day. */
    @Test
    void whatIsKeptIsBounded() throws Exception {
        String config = CONFIG.replace("10s", "600s");
        save(config);
        for (int t = 0; t < 300; t++) {
            Instant at = BEGIN.plusSeconds(600L * t + 5);
            List<SamplePoint> points = new ArrayList<>();
            for (int pod = 0; pod < 3; pod++) {
                String name = "pod-" + t / 6 + "-" + pod;
                points.add(level(name, at, 1 + pod));
                points.add(counter(name, at, Measure.Part.Role.EXPOSURE, t));
            }
            send(config, points);
            harness.processWatermark(at.toEpochMilli());
        }
        assertThat(kept("learned", Types.LONG)).hasSize(146 + 11);
        assertThat(kept("targets", Types.STRING)).hasSizeLessThan(4 * 3);
        assertThat(kept("halves", Types.STRING)).hasSize(2);
    }

    @Test
    void soManyTargetsAreKnownAndNoMore() throws Exception {
        save(CONFIG);
        List<SamplePoint> points = new ArrayList<>();
        for (int pod = 0; pod < HalvesAssembly.MOST_TARGETS + 10; pod++) {
            points.add(counter("pod-" + pod, BEGIN, Measure.Part.Role.EXPOSURE, 1));
        }
        send(points);
        harness.processWatermark(START.toEpochMilli());
        assertThat(kept("targets", Types.STRING)).hasSize(HalvesAssembly.MOST_TARGETS);
    }

    /** Of more metrics than a bucket has room for those that come first are learned. */
    @Test
    void aBucketHasSoMuchRoom() throws Exception {
        var metrics = new StringJoiner(",", "{\"metrics\": [", "]}");
        for (int i = 100; i < 300; i++) {
            metrics.add("{\"name\": \"m" + i + "\", \"kind\": \"gauge\", \"series\": {\"value\": \"memory_bytes\"}}");
        }
        ObjectNode config = (ObjectNode) json(CONFIG);
        config.set("metrics", json(metrics.toString()).get("metrics"));
        save(config.toString());
        for (int i = 100; i < 300; i++) {
            for (String pod : List.of("pod-1", "pod-2")) {
                var level = new SamplePoint("m" + i, Arm.BASELINE, series(pod), BEGIN, new Measure.Level(Math.PI));
                byte[] batch = batch(config.toString(), "m" + i, List.of(SampleBatch.Point.of(level)));
                harness.processElement(LearnInput.samples(KEY, batch), 0);
            }
        }
        harness.processWatermark(START.toEpochMilli());

        assertThat(kept("learned", Types.LONG)).singleElement().satisfies(row -> {
            assertThat(row.length).isBetween(3500, LearnedBuckets.MOST_BYTES / 9360);
            assertThat(new String(row, StandardCharsets.UTF_8)).contains("m100").doesNotContain("m299");
        });
    }

    /** One that is wide takes no other's room: with its name before theirs, all are learned, or all but the one that does not fit. */
    @ParameterizedTest
    @ValueSource(ints = {273, 2000})
    void aWideHistogramLeavesRoomForOthers(int bounds) throws Exception {
        String config = CONFIG.replace(
                "\"metrics\": [",
                "\"metrics\": [{\"name\": \"a\", \"kind\": \"histogram\", \"series\": {\"histogram\": \"seconds\"}},");
        save(config);
        send(config, points(BUCKETS, 10));
        var random = new Random(SEED);
        for (int t = 0; t < 20; t++) {
            List<SampleBatch.Point> wide = new ArrayList<>();
            for (String pod : List.of("pod-1", "pod-2")) {
                wide.add(SampleBatch.Point.of(wide(pod, BEGIN.plusSeconds(10L * t + 5), bounds, random)));
            }
            harness.processElement(LearnInput.samples(KEY, batch(config, "a", wide)), 0);
        }
        start("r1", config);
        harness.processWatermark(START.toEpochMilli());

        boolean fits = bounds < 1000;
        List<String> notes = LearnFixture.notes(config, START, told(1));
        assertThat(notes).anyMatch(note -> note.startsWith("history: 50 min"));
        assertThat(notes.stream().filter(note -> note.endsWith("; nothing of a: there was no room for a bucket of it")))
                .hasSize(fits ? 0 : 1);
        List<LearnedRow> rows = new ArrayList<>();
        for (byte[] row : kept("learned", Types.LONG)) {
            rows.add(LearnedRow.read(row));
        }
        assertThat(rows).filteredOn(row -> row.metrics().containsKey("memory")).hasSize(BUCKETS);
        assertThat(rows).filteredOn(row -> row.metrics().containsKey("a")).hasSize(fits ? 20 : 0);
    }

    private static SamplePoint wide(String pod, Instant at, int bounds, Random random) {
        List<Double> le = new ArrayList<>();
        List<Long> upTo = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < bounds; i++) {
            le.add(StrictMath.pow(2, i * 34.0 / (bounds - 1) - 20));
            sum += random.nextInt(10);
            upTo.add(sum);
        }
        return new SamplePoint("a", Arm.BASELINE, series(pod), at, new Measure.Distribution(le, upTo, sum, false));
    }

    /** Of points that are under way when a config is saved those that it would not take itself are nothing to it. */
    @Test
    void pointsOfWhatAConfigWasBeforeAreNotLearned() throws Exception {
        String before = CONFIG.replace("memory_bytes", "heap_bytes");
        save(before);
        save(CONFIG);
        send(before, points(BUCKETS, 10));
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());
        assertThat(notes(told(1))).contains(NOTHING);

        harness.processElement(LearnInput.forgotten(KEY), 0);
        send(before, points(BUCKETS, 10));
        save(CONFIG);
        assertThat(kept("learned", Types.LONG)).isEmpty();
        assertThat(pending()).isEmpty();
        harness.processElement(LearnInput.run(KEY, "r2", run(CONFIG, START.plusSeconds(1))), 0);
        harness.processWatermark(START.toEpochMilli() + 1000);
        assertThat(notes(told(2, "acme/r2"))).contains(NOTHING);
    }

    /** A batch that does not say what it was taken for could be of anything. */
    @Test
    void pointsOfNoConfigAreNotLearned() throws Exception {
        save(CONFIG);
        var batch = new SampleBatch(
                "acme", "config:checkout", "memory", 0, List.of(SampleBatch.Point.of(level("pod-1", BEGIN, 1))));
        harness.processElement(LearnInput.samples(KEY, Json.bytes(batch)), 0);
        assertThat(pending()).isEmpty();
    }

    private List<PendingPoint> pending() throws Exception {
        List<PendingPoint> values = new ArrayList<>();
        state("pending", Types.STRING, TypeInformation.of(PendingPoint.class))
                .values()
                .forEach(values::add);
        return values;
    }

    /** What a run would not pass with it does not begin with; what is beside is learned, and a day later all is again. */
    @Test
    void aMetricInDoubtIsNotTaught() throws Exception {
        List<SamplePoint> points = points(BUCKETS, 10);
        save(CONFIG);
        send(points);
        SampleBatch.Point one = SampleBatch.Point.of(level("pod-3", BEGIN.plusSeconds(100), 1));
        harness.processElement(LearnInput.samples(KEY, batch(CONFIG, "memory", List.of(one), "pod-4 is a counter")), 0);
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());

        assertThat(notes(told(1)))
                .contains("history: 50 min of before the run were learned, by two halves of the baseline's pods; "
                        + "nothing of memory: pod-4 is a counter");
        assertThat(told(1).calibrated())
                .isEqualTo(taught(
                        points.stream()
                                .filter(point -> point.metric().equals("errors"))
                                .toList(),
                        "history: 50 min of before the run were learned, by two halves of the baseline's pods; "
                                + "nothing of memory: pod-4 is a counter"));

        Instant later = START.plus(Duration.ofHours(25));
        harness.processElement(LearnInput.run(KEY, "r2", run(CONFIG, later)), 0);
        harness.processWatermark(later.toEpochMilli());
        assertThat(notes(told(2, "acme/r2"))).contains(NOTHING);
    }

    /** Where nothing usable came with it, what is in doubt is what was learned until then; also of a config that comes later. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDoubtWithoutPointsIsOfNow(boolean isSavedBefore) throws Exception {
        harness.processWatermark(START.minusSeconds(200).toEpochMilli());
        if (isSavedBefore) {
            save(CONFIG);
        }
        harness.processElement(LearnInput.samples(KEY, batch(CONFIG, "memory", List.of(), "too much at once")), 0);
        if (!isSavedBefore) {
            save(CONFIG);
        }
        start("r1", CONFIG);
        harness.processWatermark(START.toEpochMilli());
        assertThat(notes(told(1))).contains(NOTHING + "; nothing of memory: too much at once");
    }

    /** Flink knows how to write it without looking into it at run time, which is switched off. */
    @Test
    void whatIsWithheldIsAPlainRecord() {
        assertThat(TypeInformation.of(Withheld.class)).isInstanceOf(PojoTypeInfo.class);
    }

    private <K> List<byte[]> kept(String name, TypeInformation<K> keys) throws Exception {
        List<byte[]> values = new ArrayList<>();
        state(name, keys, TypeInformation.of(byte[].class)).values().forEach(values::add);
        return values;
    }

    private <K, V> MapState<K, V> state(String name, TypeInformation<K> keys, TypeInformation<V> values)
            throws Exception {
        KeyedStateBackend<String> states = ((AbstractStreamOperator<?>) harness.getOperator()).getKeyedStateBackend();
        states.setCurrentKey(KEY);
        return states.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, new MapStateDescriptor<>(name, keys, values));
    }

    private void save(String config) throws Exception {
        harness.processElement(LearnInput.saved(KEY, config.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private void start(String id, String config) throws Exception {
        harness.processElement(LearnInput.run(KEY, id, run(config, START)), 0);
    }

    private void send(List<SamplePoint> points) throws Exception {
        send(CONFIG, points);
    }

    private void send(String config, List<SamplePoint> points) throws Exception {
        for (String metric : List.of("errors", "memory")) {
            List<SampleBatch.Point> of = points.stream()
                    .filter(point -> point.metric().equals(metric))
                    .map(SampleBatch.Point::of)
                    .toList();
            harness.processElement(LearnInput.samples(KEY, batch(config, metric, of)), 0);
        }
    }

    /** Two pods, whose counters grow and whose memory swings, bucket after bucket. */
    private static List<SamplePoint> points(int buckets, int seconds) {
        var random = new Random(SEED);
        var counters = new double[2][2];
        List<SamplePoint> points = new ArrayList<>();
        for (int t = 0; t < buckets; t++) {
            Instant at = BEGIN.plusSeconds((long) seconds * t + 5);
            for (int pod = 0; pod < 2; pod++) {
                String name = "pod-" + (pod + 1);
                counters[pod][0] += random.nextInt(5);
                counters[pod][1] += 500;
                points.add(level(name, at, 1 + random.nextDouble()));
                points.add(counter(name, at, Measure.Part.Role.EVENTS, counters[pod][0]));
                points.add(counter(name, at, Measure.Part.Role.EXPOSURE, counters[pod][1]));
            }
        }
        return points;
    }

    private CanaryInput told(int runs) {
        assertThat(harness.extractOutputValues()).hasSize(runs);
        return harness.extractOutputValues().get(runs - 1);
    }

    private CanaryInput told(int runs, String key) {
        assertThat(harness.extractOutputValues()).hasSize(runs);
        return harness.extractOutputValues().stream()
                .filter(input -> input.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] taught(List<SamplePoint> points, String note) {
        var run = new CanaryRun(config(CONFIG), START);
        var past = new PastBaseline(config(CONFIG), BucketClock.of(Duration.ofSeconds(10)));
        past.add(points);
        past.teach(run);
        run.noteHistory(note);
        return run.saved();
    }

    private static byte[] untaught(String note) {
        var run = new CanaryRun(config(CONFIG), START);
        run.noteHistory(note);
        return run.saved();
    }

    private static List<String> notes(CanaryInput told) throws Exception {
        return LearnFixture.notes(CONFIG, START, told);
    }
}
