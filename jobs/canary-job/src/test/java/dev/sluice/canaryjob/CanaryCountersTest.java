package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Series;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose points are counters of pods, as they are scraped: requests by code, of which those of errors are events. */
class CanaryCountersTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final String KEY = Keys.of("acme", "r1");
    private static final int SCRAPES = 180;
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final String SERIES =
            "\"events\": \"requests_total{code=~'5..'}\", \"exposure\": \"requests_total\"";

    private KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, OutRecord> harness;

    CanaryCountersTest() throws Exception {
        harness = harness(null);
    }

    @BeforeEach
    void start() throws Exception {
        harness.processWatermark(START.toEpochMilli());
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aGoodCanaryPasses_aBadOneFails() throws Exception {
        process(run(SERIES));
        process(scrapes(0.01, Map.of()));
        assertThat(state()).as("%s", last()).isEqualTo("Successful");
        assertThat(last().doubts()).isEmpty();
        again();
        process(run(SERIES));
        process(scrapes(0.03, Map.of()));
        assertThat(state()).isEqualTo("Failed");
    }

    /** Whatever the order within the lateness, with copies and a restart in the middle: every number is the same. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theOrderWithinTheLatenessDoesNotMatter(long seed) throws Exception {
        double rate = seed % 2 == 0 ? 0.01 : 0.022;
        process(run(SERIES));
        process(scrapes(rate, Map.of()));
        end();
        JsonNode expected = requireNonNull(last().verdict());
        again();
        process(run(SERIES));
        var random = new Random(seed);
        List<CanaryInput> moved = new ArrayList<>();
        List<CanaryInput> all = scrapes(rate, Map.of());
        for (int from = 0; from < all.size(); from += 6) {
            List<CanaryInput> near = new ArrayList<>(all.subList(from, Math.min(all.size(), from + 6)));
            near.addAll(near.subList(0, 3));
            Collections.shuffle(near, random);
            moved.addAll(near);
        }
        int half = moved.size() / 2;
        process(moved.subList(0, half));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness(snapshot);
        harness.processWatermark(START.toEpochMilli());
        process(moved.subList(half, moved.size()));
        end();
        assertThat(last().verdict()).as("seed %d", seed).isEqualTo(expected);
    }

    /**
     * Pods that say since when they count: b1 is older than the run, c1 begins anew in the middle and has more than before by its
     * next scrape, c2 comes with its 60th. Whatever the order within the lateness, each request since counts once.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatPodsSaySinceWhenTheyCount_countsOnce(long seed) throws Exception {
        var random = new Random(seed);
        List<CanaryInput> all = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            all.add(scrape("baseline", "b1", i, -1, 5000 + 100 * i));
            all.add(
                    i < 50
                            ? scrape("canary", "c1", i, -1, 10 * i)
                            : scrape("canary", "c1", i, 49, 700 + 10 * (i - 50)));
            if (i >= 60) {
                all.add(scrape("canary", "c2", i, 59, 30 + 20 * (i - 60)));
            }
        }
        for (int from = 0; from < all.size(); from += 6) {
            Collections.shuffle(all.subList(from, Math.min(all.size(), from + 6)), random);
        }
        process(run(SERIES + ", \"events_may_be_absent\": true"));
        process(all.subList(0, 190));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        double counted = exposure("canary");
        double ofBaseline = exposure("baseline");
        harness.close();
        harness = harness(snapshot);
        harness.processWatermark(START.toEpochMilli());
        process(all.subList(190, all.size()));
        end();

        // the scrape at the moment of the start is of before the run
        assertThat(ofBaseline + exposure("baseline")).isEqualTo(100 * 118);
        // what c1 counted up to its last scrape before, all that it has had since, and all of c2
        assertThat(counted + exposure("canary")).isEqualTo(10 * 48 + (700 + 10 * 69) + (30 + 20 * 59));
        assertThat(last().doubts()).isEmpty();
    }

    private double exposure(String arm) {
        return harness.extractOutputValues().stream()
                .filter(record -> record.topic().equals(Topic.BUCKETS.topicName()))
                .map(record -> Json.read(record.content(), CanaryBucket.class))
                .mapToDouble(bucket ->
                        bucket.metrics().at("/errors/" + arm + "/exposure").asDouble())
                .sum();
    }

    /** A scrape of one counter that began two seconds after another scrape. */
    private static CanaryInput scrape(String arm, String pod, int number, int start, double count) {
        Instant at = START.plus(INTERVAL.multipliedBy(number));
        Instant began = START.plus(INTERVAL.multipliedBy(start)).plusSeconds(2);
        var series = new Series("code=200,pod=" + pod, pod, "", "");
        var point = new SamplePoint(
                "errors",
                arm.equals("canary") ? Arm.CANARY : Arm.BASELINE,
                series,
                at,
                began,
                Measure.Part.of(Measure.Part.Role.EXPOSURE, count, true));
        return input(new SampleBatch("acme", "r1", "errors", 0, List.of(SampleBatch.Point.of(point))));
    }

    /** However late scrapes come, no verdict on the way is Successful where the run in order is Failed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void beyondTheLatenessABadCanaryNeverPasses(long seed) throws Exception {
        process(run(SERIES));
        var random = new Random(seed);
        List<CanaryInput> all = scrapes(0.022, Map.of());
        int window = seed % 2 == 0 ? 90 : all.size();
        for (int from = 0; from < all.size(); from += window) {
            List<CanaryInput> far = new ArrayList<>(all.subList(from, Math.min(all.size(), from + window)));
            Collections.shuffle(far, random);
            process(far);
        }
        end();
        assertThat(standings())
                .as("seed %d", seed)
                .noneMatch(standing -> requireNonNull(standing.verdict())
                        .path("state")
                        .asText()
                        .equals("Successful"));
    }

    /** A selector of errors that matches nothing would prove that there are none. */
    @Test
    void eventsThatNobodyHeardOf_keepFromPassing() throws Exception {
        process(run(SERIES));
        process(scrapes(0, Map.of("errors", 0.0)));
        assertThat(state()).isEqualTo("Running");
        assertThat(last().doubts()).singleElement().asString().startsWith("errors: no series of its events has come");
        again();
        process(run(SERIES + ", \"events_may_be_absent\": true"));
        process(scrapes(0, Map.of("errors", 0.0)));
        assertThat(state()).isEqualTo("Successful");
    }

    /** Two processes send under one name: what they count is not believed, and what was is no pass. */
    @Test
    void twoSendersOfOneName_keepFromPassing() throws Exception {
        process(run(SERIES));
        List<CanaryInput> scrapes = scrapes(0.01, Map.of());
        for (int i = 100; i < SCRAPES; i += 2) {
            scrapes.add(scrape("baseline", "b1", i, 1, Map.of("200", 17.0 + i)));
        }
        scrapes.sort((one, other) -> at(one).compareTo(at(other)));
        process(scrapes);
        assertThat(state()).isEqualTo("Running");
        assertThat(last().doubts())
                .singleElement()
                .asString()
                .startsWith("errors: the counters of BASELINE/b1/ cannot be believed");
    }

    /** The errors before a crash came too late, and the new process does not know of them. */
    @Test
    void whatWasMissedBeforeARestart_keepsFromPassing() throws Exception {
        process(run(SERIES));
        List<CanaryInput> scrapes = scrapes(0.01, Map.of("restart", 120.0));
        List<CanaryInput> missed = new ArrayList<>();
        for (CanaryInput scrape : scrapes) {
            if (isOf(scrape, "c1", 105, 119)) {
                missed.add(scrape);
            }
        }
        scrapes.removeAll(missed);
        int later = scrapes.size() * 5 / 6;
        process(scrapes.subList(0, later));
        assertThat(last().doubts()).isEmpty();
        process(missed);
        process(scrapes.subList(later, scrapes.size()));
        assertThat(last().late()).isZero();
        assertThat(last().doubts())
                .as("it was judged that the process began anew")
                .singleElement()
                .asString()
                .startsWith("errors: CANARY/c1/ began anew, and what its counters had before came too late");
        again();
        process(run(SERIES));
        List<CanaryInput> steady = scrapes(0.01, Map.of());
        List<CanaryInput> contained = new ArrayList<>();
        for (CanaryInput scrape : steady) {
            if (isOf(scrape, "c1", 105, 119)) {
                contained.add(scrape);
            }
        }
        steady.removeAll(contained);
        process(steady.subList(0, later));
        process(contained);
        process(steady.subList(later, steady.size()));
        assertThat(last().doubts()).as("a later reading has it").isEmpty();
        again();
        process(run(SERIES));
        // late, but before the first reading of the new process is judged
        int before = 0;
        while (!isOf(scrapes.get(before), "b1", 119, 119)) {
            before++;
        }
        process(scrapes.subList(0, before));
        harness.processWatermark(
                START.plus(INTERVAL.multipliedBy(119)).plusSeconds(90).toEpochMilli());
        process(missed);
        process(scrapes.subList(before, scrapes.size()));
        assertThat(last().doubts())
                .singleElement()
                .asString()
                .startsWith("errors: CANARY/c1/ began anew, and what its counters had before came too late");
        assertThat(state()).isEqualTo("Running");
    }

    /** The pod is gone for good: nothing of later will come. */
    @Test
    void whatWasMissedOfATargetThatIsGone_keepsFromPassing() throws Exception {
        process(run(SERIES));
        List<CanaryInput> scrapes = scrapes(0.01, Map.of());
        List<CanaryInput> missed = new ArrayList<>();
        for (CanaryInput scrape : scrapes) {
            if (isOf(scrape, "b2", 60, 62)) {
                missed.add(scrape);
            }
        }
        scrapes.removeIf(scrape -> isOf(scrape, "b2", 60, SCRAPES));
        process(scrapes);
        end();
        assertThat(last().doubts()).isEmpty();
        process(missed);
        process(scrape("baseline", "b1", SCRAPES + 90, 0, Map.of("200", 1e6, "500", 1e5)));
        harness.processWatermark(
                START.plus(INTERVAL.multipliedBy(SCRAPES)).plusSeconds(900).toEpochMilli());
        assertThat(last().doubts())
                .singleElement()
                .asString()
                .startsWith("errors: the last of BASELINE/b2/ came too late to be judged");
        assertThat(state()).isNotEqualTo("Successful");
    }

    /** Two rhythms under one name: what is never part of a whole reading would never count. */
    @Test
    void readingsThatAreNeverWhole_keepFromPassing() throws Exception {
        process(run(SERIES));
        for (int i = 0; i < SCRAPES; i++) {
            for (String pod : List.of("b1", "c1")) {
                String arm = pod.equals("b1") ? "baseline" : "canary";
                process(scrape(arm, pod, i, 0, Map.of("200", 1000.0 * i)));
                process(scrape(arm, pod, i, 2, Map.of("500", 1000.0 * i)));
            }
        }
        assertThat(state()).isIn("Pending", "Running");
        assertThat(last().doubts()).anySatisfy(doubt -> assertThat(doubt).contains("cannot be believed"));
    }

    /** Doubts of a stage that is over leave room for those of the next. */
    @Test
    void manyDoubtsOfAStage_doNotHideThoseOfTheNext() throws Exception {
        process(run(SERIES));
        for (int i = 0; i < 30; i++) {
            process(input(new SampleBatch("acme", "r1", "errors", 0, List.of(), List.of("doubt " + i))));
        }
        process(run(document(SERIES).withStage(START.plusSeconds(200))));
        List<CanaryInput> scrapes = scrapes(0.01, Map.of());
        process(scrapes.subList(0, 240));
        assertThat(last().doubts()).isEmpty();
        process(input(new SampleBatch("acme", "r1", "errors", 1, List.of(), List.of("another doubt"))));
        process(scrapes.subList(240, scrapes.size()));
        assertThat(last().doubts()).containsExactly("errors: another doubt");
        assertThat(state()).isEqualTo("Running");
    }

    /** A hole that nothing can fill any more, e.g. since the job was away for longer than samples are asked for. */
    @Test
    void whatTheSourceWasNotAskedFor_keepsFromPassing() throws Exception {
        process(run(SERIES));
        long start = START.toEpochMilli();
        process(CanaryInput.asked(KEY, "acme", "r1", start, start + 60_000));
        process(CanaryInput.asked(KEY, "acme", "r1", start + 30_000, start + 90_000));
        process(CanaryInput.condition(KEY, "acme", "r1", "source main answers with status 503"));
        assertThat(last().condition()).isEqualTo("source main answers with status 503");
        assertThat(last().doubts()).contains("source main answers with status 503");
        process(CanaryInput.asked(KEY, "acme", "r1", start + 150_000, start + 200_000));
        process(scrapes(0.01, Map.of()));
        assertThat(last().condition()).isNull();
        assertThat(last().doubts())
                .containsExactly(
                        "the source could not be asked for the time from 2026-11-29T12:01:30Z to 2026-11-29T12:02:30Z");
        assertThat(state()).isEqualTo("Running");
    }

    @Test
    void whatTheSenderDoubts_keepsTheStageFromPassing() throws Exception {
        process(run(SERIES));
        List<CanaryInput> scrapes = scrapes(0.01, Map.of());
        process(scrapes.subList(0, scrapes.size() / 2));
        process(input(new SampleBatch("acme", "r1", "errors", 0, List.of(), List.of("requests_total is a level"))));
        process(scrapes.subList(scrapes.size() / 2, scrapes.size()));
        assertThat(state()).isEqualTo("Running");
        assertThat(last().doubts()).containsExactly("errors: requests_total is a level");
        process(run(document(SERIES).withStage(START.plus(INTERVAL.multipliedBy(SCRAPES)))));
        process(scrape("canary", "c1", SCRAPES + 30, 0, Map.of("200", 1e6)));
        end();
        assertThat(last().doubts()).isEmpty();
    }

    @Test
    void afterItsEndNothingIsLeft() throws Exception {
        process(run(SERIES));
        process(scrapes(0.01, Map.of()));
        process(run(document(SERIES).endedAt(START.plus(INTERVAL.multipliedBy(SCRAPES)))));
        end();
        harness.processWatermark(
                START.plus(CanaryFunction.KEPT).plus(Duration.ofDays(1)).toEpochMilli());
        assertThat(last().deleted()).isTrue();
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, OutRecord> harness(
            @Nullable OperatorSubtaskState snapshot) throws Exception {
        var opened = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new CanaryFunction(START::toEpochMilli)), CanaryInput::key, Types.STRING);
        if (snapshot != null) {
            opened.initializeState(snapshot);
        }
        opened.open();
        return opened;
    }

    private void again() throws Exception {
        harness.close();
        harness = harness(null);
        harness.processWatermark(START.toEpochMilli());
    }

    private void process(CanaryInput input) throws Exception {
        harness.processElement(input, 0);
    }

    private void process(List<CanaryInput> inputs) throws Exception {
        for (CanaryInput input : inputs) {
            process(input);
        }
    }

    private void end() throws Exception {
        harness.processWatermark(
                START.plus(INTERVAL.multipliedBy(SCRAPES)).plusSeconds(300).toEpochMilli());
    }

    private List<CanaryStanding> standings() {
        return harness.extractOutputValues().stream()
                .filter(record -> record.topic().equals(Topic.VERDICTS.topicName()))
                .map(record -> Json.read(record.content(), CanaryStanding.class))
                .toList();
    }

    private CanaryStanding last() {
        List<CanaryStanding> standings = standings();
        return standings.get(standings.size() - 1);
    }

    private String state() {
        return requireNonNull(last().verdict()).path("state").asText();
    }

    private static CanaryRunDocument document(String series) {
        String config = """
                {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"},
                 "metrics": [{"name": "errors", "kind": "ratio", "series": {%s}}]}""".formatted(series);
        JsonNode json = Json.read(config.getBytes(StandardCharsets.UTF_8), JsonNode.class);
        return new CanaryRunDocument("checkout", "production", null, null, json, "sha256:0", START, List.of(), null);
    }

    private static CanaryInput run(String series) {
        return run(document(series));
    }

    private static CanaryInput run(CanaryRunDocument document) {
        return new CanaryInput(KEY, "acme", "r1", Json.bytes(document.json()), null);
    }

    /**
     * Scrapes of two pods of the baseline and one of the canary, in the order of time.
     *
     * @param rate of errors of the canary
     * @param but {@code errors}: those of the baseline; {@code restart}: the scrape at which the canary has begun anew
     */
    private static List<CanaryInput> scrapes(double rate, Map<String, Double> but) {
        var random = new Random(7);
        Map<String, Map<String, Double>> counters = new TreeMap<>();
        List<CanaryInput> scrapes = new ArrayList<>();
        for (int i = 0; i < SCRAPES; i++) {
            if (i == but.getOrDefault("restart", -1.0)) {
                counters.remove("c1");
            }
            for (String pod : List.of("b1", "b2", "c1")) {
                boolean isCanary = pod.equals("c1");
                Map<String, Double> own = counters.computeIfAbsent(pod, name -> new TreeMap<>(Map.of("200", 1_000.0)));
                double requests = isCanary ? 500 : 2375;
                double mean = requests * (isCanary ? rate : but.getOrDefault("errors", 0.01));
                double errors = Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
                own.merge("200", requests - errors, Double::sum);
                if (errors > 0) {
                    own.merge("500", errors, Double::sum);
                }
                scrapes.add(scrape(isCanary ? "canary" : "baseline", pod, i, 0, own));
            }
        }
        return scrapes;
    }

    private static CanaryInput scrape(
            String arm, String pod, int number, int offsetSeconds, Map<String, Double> byCode) {
        Instant at = START.plus(INTERVAL.multipliedBy(number)).plusSeconds(offsetSeconds);
        List<SampleBatch.Point> points = new ArrayList<>();
        byCode.forEach((code, count) -> {
            for (String part : code.equals("500") ? List.of("events", "exposure") : List.of("exposure")) {
                points.add(new SampleBatch.Point(
                        arm,
                        "code=" + code + ",pod=" + pod,
                        pod,
                        null,
                        null,
                        null,
                        at,
                        null,
                        null,
                        null,
                        count,
                        null,
                        null,
                        null,
                        part,
                        true));
            }
        });
        return input(new SampleBatch("acme", "r1", "errors", 0, points));
    }

    private static CanaryInput input(SampleBatch batch) {
        return new CanaryInput(KEY, "acme", "r1", null, Json.bytes(batch));
    }

    private static SampleBatch.Point first(CanaryInput input) {
        return Json.read(requireNonNull(input.samples()), SampleBatch.class)
                .points()
                .get(0);
    }

    private static Instant at(CanaryInput input) {
        return first(input).at();
    }

    private static boolean isOf(CanaryInput input, String pod, int from, int to) {
        SampleBatch.Point point = first(input);
        return pod.equals(point.pod())
                && !point.at().isBefore(START.plus(INTERVAL.multipliedBy(from)))
                && !point.at().isAfter(START.plus(INTERVAL.multipliedBy(to)));
    }
}
