package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.streams.OutRecord;
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
                .startsWith("errors: the counters of BASELINE/b1/ fall again and again");
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
        assertThat(last().late()).isZero();
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

    private CanaryStanding last() {
        List<OutRecord> verdicts = harness.extractOutputValues().stream()
                .filter(record -> record.topic().equals(Topic.VERDICTS.topicName()))
                .toList();
        return Json.read(verdicts.get(verdicts.size() - 1).content(), CanaryStanding.class);
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
                        at,
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
