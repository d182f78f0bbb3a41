package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.intake.Measure.Part.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BucketAssemblerTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final BucketAssembler ERRORS = new BucketAssembler(MetricConfig.Ratio.of("errors"));
    private static final BucketAssembler CPU = new BucketAssembler(MetricConfig.Gauge.of("cpu"));
    private static final BucketAssembler DURATION = new BucketAssembler(MetricConfig.Latency.of("duration"));

    private final Counters last = new Counters(Map.of());

    @Test
    void countsAddUp() {
        assertThat(assemble(
                        ERRORS,
                        List.of(
                                point(Arm.BASELINE, "a", 1, counts(1, 100, false)),
                                point(Arm.BASELINE, "a", 2, counts(2, 100, false)),
                                point(Arm.BASELINE, "b", 1, counts(0, 50, false)),
                                point(Arm.CANARY, "c", 1, counts(4, 10, false))),
                        last))
                .isEqualTo(new RatioBucket(3, 250, 4, 10));
        assertThat(last.targets()).isEmpty();
    }

    @Test
    void seriesThatGrowCountTheirDifferences() {
        assertThat(assemble(ERRORS, List.of(point(Arm.CANARY, "c", 1, counts(7, 1000, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 0, 0));
        assertThat(assemble(ERRORS, List.of(point(Arm.CANARY, "c", 2, counts(9, 1100, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 2, 100));
        // the pod was restarted: it counts from nothing again, once it goes on from there
        assertThat(assemble(ERRORS, List.of(point(Arm.CANARY, "c", 3, counts(1, 30, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 0, 0));
        assertThat(assemble(ERRORS, List.of(point(Arm.CANARY, "c", 4, counts(1, 35, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 1, 35));
    }

    @Test
    void theOrderOfPointsDoesNotMatter() {
        List<SamplePoint> points = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            points.add(point(i % 2 == 0 ? Arm.BASELINE : Arm.CANARY, "s" + i % 4, i, counts(i, 10.0 * i, true)));
        }
        var expected = assemble(ERRORS, points, last);
        for (long seed = 0; seed < 10; seed++) {
            Collections.shuffle(points, new Random(seed));
            Counters lastOfShuffled = new Counters(Map.of());
            assertThat(assemble(ERRORS, points, lastOfShuffled))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(lastOfShuffled.targets()).isEqualTo(last.targets());
        }
    }

    @Test
    void levelsAreAveraged() {
        assertThat(assemble(
                        CPU,
                        List.of(
                                point(Arm.BASELINE, "a", 1, new Measure.Level(1)),
                                point(Arm.BASELINE, "b", 1, new Measure.Level(3))),
                        last))
                .isEqualTo(new GaugeBucket(2.0, null));
    }

    /** A pod that is measured more often is no heavier. */
    @Test
    void levelsAreAveragedOverPods() {
        assertThat(assemble(
                        CPU,
                        List.of(
                                ofPod(Arm.BASELINE, "a", 1, new Measure.Level(1)),
                                ofPod(Arm.BASELINE, "a", 2, new Measure.Level(2)),
                                ofPod(Arm.BASELINE, "a", 3, new Measure.Level(3)),
                                ofPod(Arm.BASELINE, "b", 1, new Measure.Level(5))),
                        last))
                .isEqualTo(new GaugeBucket(3.5, null));
    }

    @Test
    void podsOfTheBaselineAreThereByThemselves() {
        assertThat(ERRORS.assemble(
                                List.of(
                                        ofPod(Arm.BASELINE, "b", 1, counts(1, 10, false)),
                                        ofPod(Arm.BASELINE, "a", 1, counts(2, 20, false)),
                                        ofPod(Arm.BASELINE, "a", 2, counts(3, 30, false)),
                                        ofPod(Arm.CANARY, "c", 1, counts(4, 40, false))),
                                last)
                        .pods())
                .isEqualTo(pods(Map.of("a", new RatioBucket(5, 50, 0, 0), "b", new RatioBucket(1, 10, 0, 0))));
        assertThat(CPU.assemble(
                                List.of(
                                        ofPod(Arm.BASELINE, "a", 1, new Measure.Level(1)),
                                        ofPod(Arm.CANARY, "c", 1, new Measure.Level(5))),
                                last)
                        .pods())
                .isEqualTo(pods(Map.of("a", new GaugeBucket(1.0, null))));
        var requests = DURATION.assemble(
                        List.of(
                                ofPod(Arm.BASELINE, "a", 1, new Measure.Requests(List.of(0.3, 0.1))),
                                ofPod(Arm.CANARY, "c", 1, new Measure.Requests(List.of(0.4)))),
                        last)
                .pods()
                .baseline();
        assertThat(requests).hasSize(1);
        assertThat(((HistogramBucket) requireNonNull(requests.get("a")))
                        .baseline()
                        .countAbove(0.2))
                .isEqualTo(1);
    }

    /** One series of which nobody knows the pod may be of any. */
    @Test
    void podsAreKnownOfAllSeriesOrOfNone() {
        assertThat(ERRORS.assemble(
                                List.of(
                                        ofPod(Arm.BASELINE, "a", 1, counts(1, 10, false)),
                                        ofPod(Arm.BASELINE, "b", 1, counts(1, 10, false)),
                                        point(Arm.BASELINE, "x", 1, counts(1, 10, false))),
                                last)
                        .pods())
                .isEqualTo(Pods.UNKNOWN);
    }

    @Test
    void distributionsCountTheirDifferences() {
        List<Double> bounds = List.of(0.1, 1.0);
        distribution(1, bounds, List.of(5L, 8L), 10);
        HistogramBucket grown = distribution(2, bounds, List.of(6L, 10L), 13);
        assertThat(grown.canary().total()).isEqualTo(3);
        assertThat(grown.canary().countAbove(0.1)).isEqualTo(2);
        assertThat(grown.canary().countAbove(1)).isEqualTo(1);
        // no bound is the same: how many there were is known, but not how they are distributed
        HistogramBucket other = distribution(4, List.of(0.2), List.of(17L), 20);
        assertThat(other.canary().total()).isEqualTo(7);
        assertThat(other.canary().bounds()).isEmpty();
        var values = (HistogramBucket) assemble(
                DURATION, List.of(point(Arm.BASELINE, "", 4, new Measure.Requests(List.of(0.3, 0.1)))), last);
        assertThat(values.baseline().countAbove(0.2)).isEqualTo(1);
    }

    private HistogramBucket distribution(int second, List<Double> bounds, List<Long> upTo, long total) {
        var measure = new Measure.Distribution(bounds, upTo, total, true);
        return (HistogramBucket) assemble(DURATION, List.of(point(Arm.CANARY, "c", second, measure)), last);
    }

    /** Counters that are series of their own: requests by code, of which that of errors is born with the first error. */
    @Test
    void partsOfARatioAddUp() {
        List<SamplePoint> first = List.of(
                part("a", "code=200", 1, Role.EXPOSURE, 0, 1000),
                part("a", "code=500", 1, Role.EXPOSURE, 0, 4),
                part("a", "code=500", 1, Role.EVENTS, 0, 4));
        assertThat(assemble(ERRORS, first, last)).isEqualTo(new RatioBucket(0, 0, 0, 0));
        List<SamplePoint> second = List.of(
                part("a", "code=200", 62, Role.EXPOSURE, 0, 1100),
                part("a", "code=500", 62, Role.EXPOSURE, 0, 7),
                part("a", "code=500", 62, Role.EVENTS, 0, 7),
                // of a known pod, so it began with nothing
                part("a", "code=503", 62, Role.EXPOSURE, 0, 2),
                part("a", "code=503", 62, Role.EVENTS, 0, 2),
                // of a pod that nobody has seen: since when it counts is not known
                part("b", "code=200", 62, Role.EXPOSURE, 0, 5000));
        assertThat(assemble(ERRORS, second, last)).isEqualTo(new RatioBucket(0, 0, 3 + 2, 100 + 3 + 2));
        assertThat(last.targets()).containsOnlyKeys("CANARY/a/", "CANARY/b/");
        assertThat(assemble(ERRORS, List.of(part("b", "code=200", 63, Role.EXPOSURE, 0, 5010)), last))
                .isEqualTo(new RatioBucket(0, 0, 0, 10));
    }

    @Test
    void partsOfAHistogramAreJoined() {
        latency(histogram(1, 5, 8, 10));
        HistogramBucket grown = latency(histogram(2, 6, 10, 13));
        assertThat(grown.canary().bounds()).containsExactly(0.1, 1);
        assertThat(grown.canary().total()).isEqualTo(3);
        assertThat(grown.canary().countAbove(0.1)).isEqualTo(2);
        // one bound is missing, then the total, then they were read while they were written: the next has it all
        assertThat(latency(histogram(3, 7, 12, 15).subList(1, 3)).canary().total())
                .isZero();
        assertThat(latency(histogram(4, 8, 13, 16).subList(0, 2)).canary().total())
                .isZero();
        assertThat(latency(histogram(5, 12, 11, 20)).canary().total()).isZero();
        HistogramBucket whole = latency(histogram(6, 9, 14, 20));
        assertThat(whole.canary().total()).isEqualTo(7);
        assertThat(whole.canary().countAbove(1)).isEqualTo(3);
        // all three begin anew, although the first has not fallen
        assertThat(latency(histogram(8, 9, 9, 9)).canary().total()).isZero();
        HistogramBucket anew = latency(histogram(9, 9, 9, 10));
        assertThat(anew.canary().total()).isEqualTo(10);
        assertThat(anew.canary().countAbove(0.1)).isEqualTo(1);
    }

    /** A Prometheus can be told to scrape a histogram in both of its forms. */
    @Test
    void aHistogramInTwoForms_countsOnce() {
        for (int second : new int[] {1, 2}) {
            List<SamplePoint> both = new ArrayList<>(histogram(second, 5 * second, 8 * second, 10 * second));
            both.add(new SamplePoint(
                    "any",
                    Arm.CANARY,
                    both.get(0).series(),
                    both.get(0).at(),
                    new Measure.Distribution(List.of(0.25), List.of(6L * second), 10L * second, true)));
            HistogramBucket bucket = latency(both);
            assertThat(bucket.canary().total()).isEqualTo(second == 1 ? 0 : 10);
            assertThat(bucket.canary().bounds()).hasSize(second == 1 ? 0 : 2);
        }
    }

    private HistogramBucket latency(List<SamplePoint> points) {
        return (HistogramBucket) assemble(DURATION, points, last);
    }

    @Test
    void oneReplicaIsElected() {
        Instant at = START;
        ElectedReplica first = ElectedReplica.of(null, Map.of("b", at, "a", at.plusSeconds(1)));
        assertThat(first).isEqualTo(new ElectedReplica("a", at.plusSeconds(1)));
        // its silence is short, so nobody takes its place
        assertThat(ElectedReplica.of(first, Map.of("b", at.plusSeconds(30)))).isEqualTo(first);
        ElectedReplica other = ElectedReplica.of(first, Map.of("b", at.plusSeconds(31)));
        assertThat(other).isEqualTo(new ElectedReplica("b", at.plusSeconds(31)));
        assertThat(ElectedReplica.of(other, Map.of("a", at.plusSeconds(40), "b", at.plusSeconds(39))))
                .isEqualTo(new ElectedReplica("b", at.plusSeconds(39)));
    }

    private static List<SamplePoint> histogram(int second, double upToTenth, double upToOne, double all) {
        return List.of(
                part("a", "", second, Role.UP_TO, 0.1, upToTenth),
                part("a", "", second, Role.UP_TO, 1, upToOne),
                part("a", "", second, Role.UP_TO, Double.POSITIVE_INFINITY, all));
    }

    private static SamplePoint part(String pod, String labels, int second, Role role, double bound, double count) {
        return new SamplePoint(
                "any",
                Arm.CANARY,
                new Series("pod=" + pod + "," + labels, pod, "", ""),
                START.plusSeconds(second),
                new Measure.Part(role, bound, count, true));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> counts(-1, 1, false)).hasMessageContaining("events must be from 0 to 1e15, is -1");
        assertThatThrownBy(() -> new Measure.Level(Double.NaN)).hasMessageContaining("is NaN");
        assertThatThrownBy(() -> new Measure.Distribution(List.of(1.0), List.of(3L), 2, false))
                .hasMessageContaining("total must be from 3");
        assertThatThrownBy(() -> new Measure.Distribution(List.of(1.0, 0.5), List.of(1L, 2L), 2, false))
                .hasMessageContaining("bounds must rise");
        assertThat(BucketAssembler.fits(MetricConfig.Ratio.of("a"), new Measure.Level(1)))
                .isFalse();
        assertThat(BucketAssembler.fits(MetricConfig.Gauge.of("a"), new Measure.Level(1)))
                .isTrue();
        assertThat(BucketAssembler.fits(MetricConfig.Latency.of("a"), new Measure.Requests(List.of())))
                .isTrue();
    }

    @Test
    void bucketsAreCompleteByPointsOrByProgress() {
        var clock = BucketClock.of(Duration.ofSeconds(10));
        long first = clock.numberOf(START);
        assertThat(clock.begin(first)).isEqualTo(START);
        // counts at 12:00:10 are of the ten seconds before, a level is of the moment
        assertThat(clock.numberOf(point(Arm.CANARY, "", 10, counts(1, 1, false))))
                .isEqualTo(first);
        assertThat(clock.numberOf(point(Arm.CANARY, "", 10, new Measure.Level(1))))
                .isEqualTo(first + 1);
        // points in bucket 3 complete bucket 0, which is more than two before
        assertThat(clock.incompleteAfter(first + 3)).isEqualTo(first + 1);
        assertThat(clock.completeAt(first)).isEqualTo(START.plusSeconds(70));
        assertThat(clock.incompleteAt(START.plusSeconds(70))).isEqualTo(first + 1);
        assertThat(clock.incompleteAt(START.plusSeconds(70).minusMillis(1))).isEqualTo(first);
        assertThat(BucketClock.of(Duration.ofMinutes(5)).patience()).isEqualTo(Duration.ofMinutes(10));
        assertThat(clock.withDelay(Duration.ofSeconds(90)).patience()).isEqualTo(Duration.ofSeconds(150));
    }

    private static Measure.Counts counts(double events, double exposure, boolean cumulative) {
        return new Measure.Counts(events, exposure, cumulative);
    }

    private static MetricBucket assemble(BucketAssembler assembler, List<SamplePoint> points, Counters known) {
        return assembler.assemble(points, known).bucket();
    }

    private static Pods pods(Map<String, MetricBucket> baseline) {
        return new Pods(new TreeMap<>(baseline), 1);
    }

    private static SamplePoint ofPod(Arm arm, String pod, int second, Measure measure) {
        return new SamplePoint("any", arm, new Series("pod=" + pod, pod, "", ""), START.plusSeconds(second), measure);
    }

    private static SamplePoint point(Arm arm, String series, int second, Measure measure) {
        return new SamplePoint("any", arm, Series.of(series), START.plusSeconds(second), measure);
    }
}
