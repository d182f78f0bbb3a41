package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketAssemblerTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final BucketAssembler ERRORS = new BucketAssembler(MetricConfig.Ratio.of("errors"));
    private static final BucketAssembler CPU = new BucketAssembler(MetricConfig.Gauge.of("cpu"));
    private static final BucketAssembler DURATION = new BucketAssembler(MetricConfig.Latency.of("duration"));

    private final Map<String, SamplePoint> last = new HashMap<>();

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
        assertThat(last).isEmpty();
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
        var expected = ERRORS.assemble(points, new HashMap<>());
        for (long seed = 0; seed < 10; seed++) {
            Collections.shuffle(points, new Random(seed));
            var lastOfShuffled = new HashMap<String, SamplePoint>();
            assertThat(ERRORS.assemble(points, lastOfShuffled))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(lastOfShuffled).containsEntry("CANARY/s3", last(points));
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
        assertThat(other.canary().total()).isEqualTo(9);
        var values = (HistogramBucket) DURATION.assemble(
                List.of(point(Arm.BASELINE, "", 4, new Measure.Requests(List.of(0.3, 0.1)))), last);
        assertThat(values.baseline().countAbove(0.2)).isEqualTo(1);
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
        return new SamplePoint("any", arm, series, START.plusSeconds(second), measure);
    }
}
