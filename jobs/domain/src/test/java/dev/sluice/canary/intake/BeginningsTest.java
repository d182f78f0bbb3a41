package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.canary.intake.Measure.Part.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters that say since when they count. Times are in seconds; what began at -100 was there long before. */
class BeginningsTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final String TARGET = "CANARY/a/";
    private static final int LONG_AGO = -100;

    private Counters counters = new Counters(Map.of());

    @Test
    void whatBeganSince_isAllNew_evenIfItIsMoreThanBefore() {
        read(0, LONG_AGO, Map.of("200", 1000.0));
        assertThat(read(15, 7, Map.of("200", 1500.0))).isEqualTo(1500);
        assertThat(counters.restarts()).containsExactly(Map.entry(TARGET, new Restart(START, START.plusSeconds(7))));
        assertThat(read(30, 7, Map.of("200", 1510.0))).isEqualTo(10);
        assertThat(counters.disbelieved()).isEmpty();
    }

    /** As it is not where only a fall tells of it: then the first reading waits for a second one. */
    @Test
    void whatBeganSince_isBelievedAtOnce_andNobodyWaitsForWhatWasBefore() {
        read(0, LONG_AGO, Map.of("200", 1000.0, "500", 40.0));
        assertThat(read(15, 5, Map.of("200", 7.0))).isEqualTo(7);
        assertThat(read(30, 5, Map.of("200", 20.0, "500", 2.0))).isEqualTo(15);
        assertThat(read(45, 5, Map.of("200", 30.0, "500", 2.0))).isEqualTo(10);
        assertThat(counters.disbelieved()).isEmpty();
    }

    @Test
    void whatBeganBefore_goesOn() {
        read(0, LONG_AGO, Map.of("200", 1000.0));
        assertThat(read(15, LONG_AGO, Map.of("200", 1010.0))).isEqualTo(10);
        assertThat(read(30, null, Map.of("200", 1030.0))).isEqualTo(20);
        assertThat(read(45, LONG_AGO, Map.of("200", 1060.0))).isEqualTo(30);
        assertThat(counters.restarts()).isEmpty();
    }

    /** OpenTelemetry's point of no duration: what it has was there before, whoever counted it. */
    @Test
    void aStartThatIsNotKnown_isWhereTheFirstReadingIs() {
        assertThat(read(0, null, Map.of("200", 1000.0), START.minusSeconds(60))).isZero();
        assertThat(read(15, 0, Map.of("200", 1010.0), START.minusSeconds(60))).isEqualTo(10);
        assertThat(read(30, null, Map.of("200", 1030.0))).isEqualTo(20);
        assertThat(read(45, 30, Map.of("200", 1040.0))).isEqualTo(10);
        assertThat(counters.restarts()).isEmpty();
    }

    @Test
    void ofANewTarget_whatBeganJustBeforeCounts() {
        Instant since = START.minusSeconds(20);
        assertThat(read(0, -20, Map.of("200", 70.0), since)).isEqualTo(70);
        assertThat(read(15, -20, Map.of("200", 80.0), since)).isEqualTo(10);
        counters = new Counters(Map.of());
        assertThat(read(0, -21, Map.of("200", 70.0), since)).isZero();
        counters = new Counters(Map.of());
        assertThat(read(0, -20, Map.of("200", 70.0))).isZero();
        assertThat(sum(counters.grown(List.of(point("b", 0, -5, "200", 3), point("b", 0, LONG_AGO, "500", 90)), since)))
                .isEqualTo(3);
    }

    /** Which is not known in the first minute of a target where nothing says since when it counts. */
    @Test
    void aCounterThatIsNewInATarget_countsFromItsStart() {
        read(0, LONG_AGO, Map.of("200", 1000.0));
        List<SamplePoint> points = List.of(point("a", 15, LONG_AGO, "200", 1010), point("a", 15, 12, "503", 5));
        assertThat(sum(counters.grown(points, Instant.MAX))).isEqualTo(15);
    }

    /** As where whoever sums up forgets series that are silent, and begins them anew. */
    @Test
    void oneCounterBeginsAnew_whileTheOthersGoOn() {
        read(0, LONG_AGO, Map.of("200", 1000.0, "500", 3.0));
        List<SamplePoint> both = List.of(point("a", 15, LONG_AGO, "200", 1010), point("a", 15, 9, "500", 4));
        assertThat(sum(counters.grown(both, Instant.MAX))).isEqualTo(14);
        List<SamplePoint> one = List.of(point("a", 30, 25, "500", 6));
        assertThat(sum(counters.grown(one, Instant.MAX))).isEqualTo(6);
        List<SamplePoint> again = List.of(point("a", 45, LONG_AGO, "200", 1030), point("a", 45, 25, "500", 6));
        assertThat(sum(counters.grown(again, Instant.MAX))).isEqualTo(20);
        assertThat(counters.disbelieved()).isEmpty();
    }

    @Test
    void aStartThatIsNotExact_isTheSame() {
        for (int i = 0; i < 20; i++) {
            assertThat(read(15 * i, LONG_AGO + i % 3, Map.of("200", 1000.0 + i)))
                    .isEqualTo(i == 0 ? 0 : 1);
        }
        assertThat(counters.restarts()).isEmpty();
        assertThat(counters.disbelieved()).isEmpty();
    }

    /** The one that has counted longer has more: the difference is of nobody. */
    @Test
    void twoSendersOfOneName_areNotBelieved() {
        read(0, LONG_AGO, Map.of("200", 1_000_000.0));
        double counted = 0;
        for (int i = 1; i <= 40; i++) {
            counted += i % 2 == 1
                    ? read(15 * i, 3, Map.of("200", 20.0 + i))
                    : read(15 * i, LONG_AGO, Map.of("200", 1_000_000.0 + i));
        }
        assertThat(counted).isLessThanOrEqualTo(60);
        assertThat(counters.disbelieved()).containsExactly(TARGET);
    }

    @Test
    void whoIsHeardAgain_countsFromThenOn() {
        read(0, LONG_AGO, Map.of("200", 1000.0));
        assertThat(read(15, 3, Map.of("200", 20.0))).isEqualTo(20);
        assertThat(read(30, LONG_AGO, Map.of("200", 1030.0))).isZero();
        assertThat(read(45, LONG_AGO, Map.of("200", 1040.0))).isEqualTo(10);
        assertThat(read(60, LONG_AGO, Map.of("200", 1060.0))).isEqualTo(20);
        assertThat(counters.disbelieved()).isEmpty();
    }

    /** A sender that says of counters that they began at the reading before would let all of it count again and again. */
    @Test
    void whoSaysToBeginAnewFromReadingToReading_isNotBelieved() {
        read(0, LONG_AGO, Map.of("200", 1000.0));
        for (int i = 1; i <= 10; i++) {
            double counted = read(15 * i, 15 * i - 14, Map.of("200", 1000.0 + i));
            assertThat(counted).isEqualTo(i <= 1 + Counters.MOST_UNSTEADY ? 1000.0 + i : 0);
        }
        assertThat(counters.disbelieved()).containsExactly(TARGET);
    }

    @Test
    void aHistogramThatBeganSince_mayHaveOtherBounds() {
        assertThat(histogram(0, LONG_AGO, List.of(0.1, 1.0), List.of(5L, 8L), 10))
                .isEmpty();
        assertThat(histogram(15, 2, List.of(1.0), List.of(9L), 11))
                .containsExactly(new Measure.Distribution(List.of(1.0), List.of(9L), 11, false));
        assertThat(histogram(30, 2, List.of(1.0), List.of(9L), 12))
                .containsExactly(new Measure.Distribution(List.of(1.0), List.of(0L), 1, false));
    }

    @Test
    void countersOfBounds_haveTheStartOfTheirHistogram() {
        List<SamplePoint> parts = new ArrayList<>();
        for (double bound : List.of(0.5, Double.POSITIVE_INFINITY)) {
            parts.add(new SamplePoint(
                    "any",
                    Arm.CANARY,
                    new Series("h", "a", "", ""),
                    START,
                    START.minusSeconds(5),
                    new Measure.Part(Role.UP_TO, bound, 7, true)));
        }
        assertThat(PartsOfHistograms.joined(parts))
                .singleElement()
                .extracting(SamplePoint::start)
                .isEqualTo(START.minusSeconds(5));
    }

    @Test
    void aStartIsBeforeItsPoint_andOfACounter() {
        assertThatIllegalArgumentException().isThrownBy(() -> point("a", 0, 0, "200", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SamplePoint(
                        "any",
                        Arm.CANARY,
                        Series.of("a"),
                        START,
                        START.minusSeconds(1),
                        Measure.Part.of(Role.EVENTS, 1, false)));
    }

    /** However often a process begins anew, and whatever it has by its first reading: all that was read counts, and once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allThatWasReadCountsOnce_inAnyOrderWithinABucket(long seed) {
        var random = new Random(seed);
        Map<String, Double> now = new TreeMap<>(Map.of("200", 1_000.0 * random.nextInt(1000), "500", 50.0));
        int start = LONG_AGO;
        double happened = -total(now.values());
        double counted = 0;
        boolean isRead = true;
        List<SamplePoint> bucket = new ArrayList<>(points(0, start, now));
        for (int i = 1; i < 400; i++) {
            if (isRead && random.nextInt(20) == 0) {
                happened += total(now.values());
                now = new TreeMap<>();
                start = 15 * i - 1 - random.nextInt(13);
            }
            for (String code : List.of("200", "404", "500")) {
                if (code.equals("200") || now.containsKey(code) || (i > 4 && random.nextInt(10) == 0)) {
                    now.merge(code, (double) random.nextInt(1000), Double::sum);
                }
            }
            isRead = random.nextInt(5) > 0 || i == 399;
            if (isRead) {
                bucket.addAll(points(15 * i, start, now));
            }
            if (random.nextInt(3) == 0 || i == 399) {
                Collections.shuffle(bucket, random);
                counted += sum(counters.grown(bucket, Instant.MAX));
                bucket.clear();
                counters = new Counters(counters.targets());
            }
        }
        happened += total(now.values());
        assertThat(counted).as("seed %d", seed).isEqualTo(happened);
        assertThat(counters.disbelieved()).as("seed %d", seed).isEmpty();
    }

    private double read(int second, @Nullable Integer start, Map<String, Double> byCode) {
        return read(second, start, byCode, Instant.MAX);
    }

    private double read(int second, @Nullable Integer start, Map<String, Double> byCode, Instant since) {
        return sum(counters.grown(points(second, start, byCode), since));
    }

    private static List<SamplePoint> points(int second, @Nullable Integer start, Map<String, Double> byCode) {
        List<SamplePoint> points = new ArrayList<>();
        byCode.forEach((code, count) -> points.add(point("a", second, start, code, count)));
        return points;
    }

    private static SamplePoint point(String pod, int second, @Nullable Integer start, String code, double count) {
        return new SamplePoint(
                "any",
                Arm.CANARY,
                new Series("code=" + code + ",pod=" + pod, pod, "", ""),
                START.plusSeconds(second),
                start == null ? null : START.plusSeconds(start),
                Measure.Part.of(Role.EXPOSURE, count, true));
    }

    private static double sum(List<SamplePoint> points) {
        return points.stream()
                .mapToDouble(point -> ((Measure.Part) point.measure()).count())
                .sum();
    }

    private static double total(Iterable<Double> counts) {
        double sum = 0;
        for (double count : counts) {
            sum += count;
        }
        return sum;
    }

    private List<Measure> histogram(int second, int start, List<Double> bounds, List<Long> upTo, long total) {
        var point = new SamplePoint(
                "any",
                Arm.CANARY,
                Series.of("h"),
                START.plusSeconds(second),
                START.plusSeconds(start),
                new Measure.Distribution(bounds, upTo, total, true));
        return counters.grown(List.of(point), Instant.MAX).stream()
                .map(SamplePoint::measure)
                .toList();
    }
}
