package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.intake.Measure.Part.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BucketAssemblerTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final BucketAssembler ERRORS = new BucketAssembler(MetricConfig.Ratio.of("errors"));
    private static final BucketAssembler CPU = new BucketAssembler(MetricConfig.Gauge.of("cpu"));
    private static final BucketAssembler DURATION = new BucketAssembler(MetricConfig.Latency.of("duration"));

    private final KnownSeries last = nothing();

    @Test
    void countsAddUp() {
        assertThat(ERRORS.assemble(
                        List.of(
                                point(Arm.BASELINE, "a", 1, counts(1, 100, false)),
                                point(Arm.BASELINE, "a", 2, counts(2, 100, false)),
                                point(Arm.BASELINE, "b", 1, counts(0, 50, false)),
                                point(Arm.CANARY, "c", 1, counts(4, 10, false))),
                        last))
                .isEqualTo(new RatioBucket(3, 250, 4, 10));
        assertThat(last.last()).isEmpty();
    }

    @Test
    void seriesThatGrowCountTheirDifferences() {
        assertThat(ERRORS.assemble(List.of(point(Arm.CANARY, "c", 1, counts(7, 1000, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 0, 0));
        assertThat(ERRORS.assemble(List.of(point(Arm.CANARY, "c", 2, counts(9, 1100, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 2, 100));
        // the pod was restarted: it counts from nothing again
        assertThat(ERRORS.assemble(List.of(point(Arm.CANARY, "c", 3, counts(1, 30, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 1, 30));
        assertThat(ERRORS.assemble(List.of(point(Arm.CANARY, "c", 4, counts(1, 35, true))), last))
                .isEqualTo(new RatioBucket(0, 0, 0, 5));
    }

    @Test
    void theOrderOfPointsDoesNotMatter() {
        List<SamplePoint> points = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            points.add(point(i % 2 == 0 ? Arm.BASELINE : Arm.CANARY, "s" + i % 4, i, counts(i, 10.0 * i, true)));
        }
        var expected = ERRORS.assemble(points, nothing());
        for (long seed = 0; seed < 10; seed++) {
            Collections.shuffle(points, new Random(seed));
            KnownSeries lastOfShuffled = nothing();
            assertThat(ERRORS.assemble(points, lastOfShuffled))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(lastOfShuffled.last()).containsEntry("CANARY/s3", last(points));
        }
    }

    @Test
    void levelsAreAveraged() {
        assertThat(CPU.assemble(
                        List.of(
                                point(Arm.BASELINE, "a", 1, new Measure.Level(1)),
                                point(Arm.BASELINE, "b", 1, new Measure.Level(3))),
                        last))
                .isEqualTo(new GaugeBucket(2.0, null));
    }

    @Test
    void distributionsCountTheirDifferences() {
        List<Double> bounds = List.of(0.1, 1.0);
        DURATION.assemble(
                List.of(point(Arm.CANARY, "c", 1, new Measure.Distribution(bounds, List.of(5L, 8L), 10, true))), last);
        var grown = (HistogramBucket) DURATION.assemble(
                List.of(point(Arm.CANARY, "c", 2, new Measure.Distribution(bounds, List.of(6L, 10L), 13, true))), last);
        assertThat(grown.canary().total()).isEqualTo(3);
        assertThat(grown.canary().countAbove(0.1)).isEqualTo(2);
        assertThat(grown.canary().countAbove(1)).isEqualTo(1);
        var anew = (HistogramBucket) DURATION.assemble(
                List.of(point(Arm.CANARY, "c", 3, new Measure.Distribution(bounds, List.of(1L, 1L), 2, true))), last);
        assertThat(anew.canary().total()).isEqualTo(2);
        var other = (HistogramBucket) DURATION.assemble(
                List.of(point(Arm.CANARY, "c", 4, new Measure.Distribution(List.of(0.2), List.of(7L), 9, true))), last);
        // no bound is the same: how many there were is known, but not how they are distributed
        assertThat(other.canary().total()).isEqualTo(7);
        assertThat(other.canary().bounds()).isEmpty();
        DURATION.assemble(
                List.of(point(Arm.CANARY, "c", 5, new Measure.Distribution(bounds, List.of(7L, 8L), 10, true))), last);
        var coarser = (HistogramBucket) DURATION.assemble(
                List.of(point(Arm.CANARY, "c", 6, new Measure.Distribution(List.of(1.0), List.of(9L), 12, true))),
                last);
        assertThat(coarser.canary().total()).isEqualTo(2);
        assertThat(coarser.canary().countAbove(1)).isEqualTo(1);
        var values = (HistogramBucket) DURATION.assemble(
                List.of(point(Arm.BASELINE, "", 4, new Measure.Requests(List.of(0.3, 0.1)))), last);
        assertThat(values.baseline().countAbove(0.2)).isEqualTo(1);
    }

    /** Counters that are series of their own: requests by code, of which that of errors is born with the first error. */
    @Test
    void partsOfARatioAddUp() {
        KnownSeries before = nothing();
        List<SamplePoint> first = List.of(
                part("a", "code=200", 1, Role.EXPOSURE, 0, 1000),
                part("a", "code=500", 1, Role.EXPOSURE, 0, 4),
                part("a", "code=500", 1, Role.EVENTS, 0, 4));
        assertThat(ERRORS.assemble(first, before)).isEqualTo(new RatioBucket(0, 0, 0, 0));
        KnownSeries then = next(before);
        List<SamplePoint> second = List.of(
                part("a", "code=200", 2, Role.EXPOSURE, 0, 1100),
                part("a", "code=500", 2, Role.EXPOSURE, 0, 7),
                part("a", "code=500", 2, Role.EVENTS, 0, 7),
                // of a known pod, so it began with nothing
                part("a", "code=503", 2, Role.EXPOSURE, 0, 2),
                part("a", "code=503", 2, Role.EVENTS, 0, 2),
                // of a pod that nobody has seen: since when it counts is not known
                part("b", "code=200", 2, Role.EXPOSURE, 0, 5000));
        assertThat(ERRORS.assemble(second, then)).isEqualTo(new RatioBucket(0, 0, 3 + 2, 100 + 3 + 2));
        assertThat(then.pods()).containsExactlyInAnyOrder("CANARY/a", "CANARY/b");
        assertThat(ERRORS.assemble(List.of(part("b", "code=200", 3, Role.EXPOSURE, 0, 5010)), next(then)))
                .isEqualTo(new RatioBucket(0, 0, 0, 10));
    }

    @Test
    void partsOfAHistogramAreJoined() {
        KnownSeries before = nothing();
        DURATION.assemble(histogram(1, 5, 8, 10), before);
        KnownSeries then = next(before);
        var grown = (HistogramBucket) DURATION.assemble(histogram(2, 6, 10, 13), then);
        assertThat(grown.canary().bounds()).containsExactly(0.1, 1);
        assertThat(grown.canary().total()).isEqualTo(3);
        assertThat(grown.canary().countAbove(0.1)).isEqualTo(2);
        // one bound is missing, then the total: nothing is taken for a restart, and the next point that is whole has it
        // all
        var partly = (HistogramBucket) DURATION.assemble(histogram(3, 7, 12, 15).subList(1, 3), next(then));
        assertThat(partly.canary().total()).isZero();
        KnownSeries later = next(then);
        DURATION.assemble(histogram(4, 8, 13, 16).subList(0, 2), later);
        var whole = (HistogramBucket) DURATION.assemble(histogram(5, 9, 14, 20), next(later));
        assertThat(whole.canary().total()).isEqualTo(7);
        assertThat(whole.canary().countAbove(1)).isEqualTo(3);
        // counts that fall from bound to bound were read while they were written
        var torn = (HistogramBucket) DURATION.assemble(histogram(6, 12, 11, 20), next(later));
        assertThat(torn.canary().total()).isZero();
        // all three begin anew, although the first has not fallen
        KnownSeries restarted = next(later);
        DURATION.assemble(histogram(7, 0, 1, 100), restarted);
        var anew = (HistogramBucket) DURATION.assemble(histogram(8, 5, 5, 6), next(restarted));
        assertThat(anew.canary().total()).isEqualTo(6);
        assertThat(anew.canary().countAbove(0.1)).isEqualTo(1);
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

    private static KnownSeries nothing() {
        return new KnownSeries(Map.of(), Set.of());
    }

    private static KnownSeries next(KnownSeries before) {
        return new KnownSeries(before.last(), before.pods());
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
                new Series("pod=" + pod + "," + labels, pod, ""),
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
    }

    private static SamplePoint last(List<SamplePoint> points) {
        return points.stream().max(Comparator.comparing(SamplePoint::at)).orElseThrow();
    }

    private static Measure.Counts counts(double events, double exposure, boolean cumulative) {
        return new Measure.Counts(events, exposure, cumulative);
    }

    private static SamplePoint point(Arm arm, String series, int second, Measure measure) {
        return new SamplePoint("any", arm, Series.of(series), START.plusSeconds(second), measure);
    }
}
