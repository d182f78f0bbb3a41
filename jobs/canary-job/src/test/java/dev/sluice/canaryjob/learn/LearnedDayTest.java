package dev.sluice.canaryjob.learn;

import static dev.sluice.canaryjob.learn.LearnFixture.batch;
import static dev.sluice.canaryjob.learn.LearnFixture.counter;
import static dev.sluice.canaryjob.learn.LearnFixture.harness;
import static dev.sluice.canaryjob.learn.LearnFixture.level;
import static dev.sluice.canaryjob.learn.LearnFixture.notes;
import static dev.sluice.canaryjob.learn.LearnFixture.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.intake.Measure.Part.Role;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.wire.SampleBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a day teaches, whatever the steps of progress, and whenever the run is heard of. */
class LearnedDayTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-29T12:00:00.003Z");
    private static final String KEY = "acme/checkout";
    private static final String CONFIG = """
            {"learn": "always", "selectors": {"baseline": "{track='stable'}", "canary": "{track='canary'}"},
             "bucket": "3m", "metrics": [
               {"name": "errors", "kind": "ratio",
                "series": {"events": "requests_total{code=~'5..'}", "exposure": "requests_total"}},
               {"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""";

    /** Buckets of after the start are made before an hour has gone by, and do not take the places of those that a day is made of. */
    @ParameterizedTest
    @CsvSource({"3m, 180", "7m, 420"})
    void aDayCalibratesCounts_wheneverTheRunIsToldOfIt(String bucket, int seconds) throws Exception {
        String config = CONFIG.replace("3m", bucket);
        List<SamplePoint> points = points(seconds, START.minus(Duration.ofHours(27)), START.plus(Duration.ofHours(1)));
        Set<String> told = new LinkedHashSet<>();
        for (Duration step : List.of(Duration.ofSeconds(seconds), Duration.ofMinutes(17), Duration.ofHours(5))) {
            for (int minutesBefore : List.of(0, 60)) {
                Instant heard = START.plus(Duration.ofMinutes(minutesBefore));
                CanaryInput run = told(config, points, step, heard);
                assertThat(notes(config, START, run))
                        .as("steps of %s, heard of after %d min", step, minutesBefore)
                        .noneMatch(note -> note.contains("independent requests"))
                        .anyMatch(note -> note.startsWith("history: 24.") && note.contains("of before the run"));
                told.add(HexFormat.of().formatHex(requireNonNull(run.calibrated())));
            }
        }
        assertThat(told).as("seed %d", SEED).hasSize(1);
    }

    /** Who was silent for more than an hour is forgotten, and everybody once a day: by the times of points, too. */
    @Test
    void whoIsForgottenDoesNotDependOnTheSteps() throws Exception {
        List<SamplePoint> points = points(180, START.minus(Duration.ofHours(30)), START).stream()
                .filter(point -> !point.series().pod().equals("pod-3")
                        || point.at().getEpochSecond() % Duration.ofHours(5).toSeconds() > 5000)
                .toList();
        Set<String> told = new LinkedHashSet<>();
        for (Duration step :
                List.of(Duration.ofMinutes(3), Duration.ofMinutes(13), Duration.ofMinutes(100), Duration.ofHours(29))) {
            told.add(HexFormat.of()
                    .formatHex(requireNonNull(told(CONFIG, points, step, START).calibrated())));
        }
        assertThat(told).as("seed %d", SEED).hasSize(1);
    }

    private static CanaryInput told(String config, List<SamplePoint> points, Duration step, Instant heard)
            throws Exception {
        var harness = harness(null);
        harness.processElement(LearnInput.saved(KEY, config.getBytes(UTF_8)), 0);
        Instant progress = points.get(0).at().plus(step);
        List<SamplePoint> sent = new ArrayList<>();
        for (SamplePoint point : points) {
            if (point.at().isAfter(heard)) {
                break;
            }
            while (point.at().isAfter(progress)) {
                send(config, sent, harness);
                harness.processWatermark(progress.toEpochMilli());
                progress = progress.plus(step);
            }
            sent.add(point);
        }
        send(config, sent, harness);
        harness.processWatermark(heard.toEpochMilli());
        harness.processElement(LearnInput.run(KEY, "r1", run(config, START)), 0);
        harness.processWatermark(heard.plus(Duration.ofMinutes(5)).toEpochMilli());
        List<CanaryInput> told = harness.extractOutputValues();
        harness.close();
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    private static void send(
            String config,
            List<SamplePoint> points,
            KeyedOneInputStreamOperatorTestHarness<String, LearnInput, CanaryInput> harness)
            throws Exception {
        for (String metric : List.of("errors", "memory")) {
            List<SampleBatch.Point> of = points.stream()
                    .filter(point -> point.metric().equals(metric))
                    .map(SampleBatch.Point::of)
                    .toList();
            harness.processElement(LearnInput.samples(KEY, batch(config, metric, of)), 0);
        }
        points.clear();
    }

    /** Three pods, whose counters grow and whose memory swings, bucket after bucket. */
    private static List<SamplePoint> points(int seconds, Instant from, Instant to) {
        var random = new Random(SEED);
        var counters = new double[3][2];
        List<SamplePoint> points = new ArrayList<>();
        for (Instant at = from; at.isBefore(to); at = at.plusSeconds(seconds)) {
            for (int pod = 0; pod < 3; pod++) {
                String name = "pod-" + (pod + 1);
                counters[pod][0] += random.nextInt(5);
                counters[pod][1] += 500;
                points.add(level(name, at, 1 + random.nextDouble()));
                points.add(counter(name, at, Role.EVENTS, counters[pod][0]));
                points.add(counter(name, at, Role.EXPOSURE, counters[pod][1]));
            }
        }
        return points;
    }
}
