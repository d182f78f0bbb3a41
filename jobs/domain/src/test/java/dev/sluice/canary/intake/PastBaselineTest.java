package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.Direction;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.Standing;
import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Exposure;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PastBaselineTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final int DAY = 8640;

    private static final MetricConfig CPU = new MetricConfig.Gauge(
            "cpu",
            Direction.INCREASE,
            new Allowance(0.1, 0),
            new Allowance(0.3, 0),
            Standing.DEFAULT,
            MetricConfig.Scale.LOG);
    private static final MetricConfig ERRORS = new MetricConfig.Ratio(
            "errors",
            Direction.INCREASE,
            new Allowance(0.1, 0.0001),
            new Allowance(0.5, 0.001),
            Standing.DEFAULT,
            Exposure.REQUESTS);
    private static final CanaryConfig CONFIG = CanaryConfig.of(List.of(CPU, ERRORS));

    /** What the halves of two pods amount to is what the pods did: each is a half. */
    @Test
    void twoPodsAreTheTwoArms() {
        var random = new Random(SEED);
        var past = past();
        var expected = new CanaryRun(CONFIG, START);
        List<GaugeBucket> gauges = new ArrayList<>();
        List<RatioBucket> ratios = new ArrayList<>();
        for (int t = -DAY; t < 0; t++) {
            double[] cpu = {1 + random.nextDouble(), 1 + random.nextDouble()};
            double[] errors = {random.nextInt(5), random.nextInt(5)};
            past.add(bucket(t, cpu, errors, random));
            gauges.add(new GaugeBucket(cpu[0], cpu[1]));
            ratios.add(new RatioBucket(errors[0], 500, errors[1], 500));
        }
        expected.calibrate("cpu", gauges);
        expected.calibrate("errors", ratios);
        expected.noteHistory("history: 24 h of before the run, by two halves of the baseline's pods");

        assertThat(taught(past).saved()).as("seed %d", SEED).isEqualTo(expected.saved());
    }

    /** A gauge that was learned of decides; the same one without a history does not. */
    @Test
    void aGaugeWithAHistoryDecides() {
        var random = new Random(SEED);
        var past = past();
        for (int t = -DAY; t < 0; t++) {
            past.add(bucket(t, new double[] {level(random, 1), level(random, 1)}, new double[] {5, 5}, random));
        }
        var same = new Random(SEED);
        assertThat(judged(taught(past), same).metrics().get(0).state().label()).isEqualTo("Failed");
        assertThat(judged(new CanaryRun(CONFIG, START), new Random(SEED))
                        .metrics()
                        .get(0)
                        .reading()
                        .notes())
                .anyMatch(note -> note.contains("advisory"));
    }

    /** A day with a hole in it is a day: errors in clusters are known from it, and the floor of phi stays. */
    @Test
    void aDayWithMissingBucketsIsADay() {
        var random = new Random(SEED);
        var past = past();
        for (int t = -DAY; t < 0; t++) {
            if (t % 3 != 0 || t == -DAY || t == -1) {
                past.add(bucket(t, new double[] {1, 1}, new double[] {random.nextInt(5), random.nextInt(5)}, random));
            }
        }
        assertThat(notes(taught(past), 1)).noneMatch(note -> note.contains("assumes independent requests"));
        var shorter = past();
        for (int t = -DAY / 2; t < 0; t++) {
            shorter.add(bucket(t, new double[] {1, 1}, new double[] {random.nextInt(5), random.nextInt(5)}, random));
        }
        assertThat(notes(taught(shorter), 1)).anyMatch(note -> note.contains("assumes independent requests"));
    }

    /** A day of which next to nothing is there, or in which nothing happened, says nothing of how errors come. */
    @Test
    void aDayWithoutDataOrEventsIsNone() {
        var random = new Random(SEED);
        var empty = past();
        for (int t : new int[] {-DAY, -1}) {
            empty.add(bucket(t, new double[] {1, 1}, new double[] {1, 2}, random));
        }
        assertThat(notes(taught(empty), 1)).anyMatch(note -> note.contains("assumes independent requests"));
        var quiet = past();
        for (int t = -DAY; t < 0; t++) {
            quiet.add(bucket(t, new double[] {1, 1}, new double[] {0, 0}, random));
        }
        assertThat(notes(taught(quiet), 1)).anyMatch(note -> note.contains("assumes independent requests"));
    }

    /** Errors that come in clusters are known to: the floor of phi is far above 1, and counts vary from the first bucket on. */
    @Test
    void clustersAreLearned() {
        var random = new Random(SEED);
        var past = past();
        for (int t = -DAY; t < 0; t++) {
            double burst = random.nextInt(50) == 0 ? 100 : 0;
            past.add(bucket(t, new double[] {1, 1}, new double[] {burst, random.nextInt(3)}, random));
        }
        assertThat(notes(taught(past), 1)).anyMatch(note -> note.contains("counts vary"));
    }

    /** Pods of one version that differ by more than is tolerated: a canary that is like one of them must not fail for it. */
    @Test
    void aGaugeOfPodsThatDifferDecidesNothing() {
        var random = new Random(SEED);
        var past = past();
        for (int t = -DAY; t < 0; t++) {
            past.add(bucket(t, new double[] {level(random, 1), level(random, 1.5)}, new double[] {5, 5}, random));
        }
        CanaryVerdict verdict = judged(taught(past), new Random(SEED));
        assertThat(verdict.state().label()).isNotEqualTo("Failed");
        assertThat(verdict.metrics().get(0).reading().notes())
                .anyMatch(note -> note.contains("pods of one version differ by more than is tolerated"));
    }

    /** Nobody can tell how arms differ where there is one pod. */
    @Test
    void onePodTeachesNothing() {
        var past = past();
        for (int t = -DAY; t < 0; t++) {
            past.add(List.of(point("cpu", "a", t, new Measure.Level(1))));
        }
        var untaught = new CanaryRun(CONFIG, START);
        untaught.noteHistory("no history: of the time before the run there is nothing of two pods of the baseline");
        assertThat(taught(past).saved()).isEqualTo(untaught.saved());
    }

    /** Of two senders of the same series one is heard: otherwise every error would count twice. */
    @Test
    void oneOfTwoSendersIsHeard() {
        var random = new Random(SEED);
        var one = past();
        var two = past();
        for (int t = -500; t < 0; t++) {
            List<SamplePoint> points =
                    bucket(t, new double[] {level(random, 1), level(random, 1)}, new double[] {1, 2}, random);
            one.add(from("a", points));
            List<SamplePoint> both = new ArrayList<>(from("a", points));
            both.addAll(from("b", points));
            two.add(both);
        }
        assertThat(taught(two).saved()).isEqualTo(taught(one).saved());
    }

    private static PastBaseline past() {
        return new PastBaseline(CONFIG, BucketClock.of(CONFIG.bucket()));
    }

    private static CanaryRun taught(PastBaseline past) {
        var run = new CanaryRun(CONFIG, START);
        past.teach(run);
        return run;
    }

    private static double level(Random random, double mean) {
        return mean * Math.exp(0.05 * random.nextGaussian());
    }

    private static CanaryVerdict judged(CanaryRun run, Random random) {
        for (int t = 0; t < 300; t++) {
            Map<String, MetricBucket> buckets = Map.of(
                    "cpu", new GaugeBucket(level(random, 1), level(random, 1.5)),
                    "errors", new RatioBucket(5, 500, 5, 500));
            run.add(START.plusSeconds(10L * t), buckets);
        }
        return run.verdict(START.plusSeconds(3000));
    }

    private static List<String> notes(CanaryRun run, int metric) {
        return judged(run, new Random(SEED)).metrics().get(metric).reading().notes();
    }

    /** Two pods of one bucket, in any order. */
    private static List<SamplePoint> bucket(int t, double[] cpu, double[] errors, Random random) {
        List<SamplePoint> points = new ArrayList<>();
        for (int pod = 0; pod < 2; pod++) {
            String name = pod == 0 ? "a" : "b";
            points.add(point("cpu", name, t, new Measure.Level(cpu[pod])));
            points.add(point("errors", name, t, new Measure.Counts(errors[pod], 500, false)));
        }
        Collections.shuffle(points, random);
        return points;
    }

    private static SamplePoint point(String metric, String pod, int t, Measure measure) {
        var series = new Series("{pod=" + pod + "}", pod, "", "");
        return new SamplePoint(metric, Arm.BASELINE, series, START.plusSeconds(10L * t + 5), measure);
    }

    private static List<SamplePoint> from(String replica, List<SamplePoint> points) {
        return points.stream()
                .map(point -> new SamplePoint(
                        point.metric(),
                        point.arm(),
                        new Series(point.series().labels(), point.series().pod(), "", replica),
                        point.at(),
                        point.measure()))
                .toList();
    }
}
