package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.canary.intake.Measure.Part.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountersTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final String TARGET = "CANARY/a/";

    private Counters counters = new Counters(Map.of());

    @Test
    void theFirstReadingSaysWhereTheyStand() {
        assertThat(read(0, Map.of("200", 1000.0))).isZero();
        assertThat(read(15, Map.of("200", 1010.0))).isEqualTo(10);
        assertThat(read(30, Map.of("200", 1010.0))).isZero();
    }

    /** The counter of an error is born with the first one. In the first minute it may be another one that was only sent later. */
    @Test
    void aCounterThatIsNewWasBorn() {
        read(0, Map.of("200", 1000.0));
        assertThat(read(15, Map.of("200", 1010.0, "503", 700.0))).isEqualTo(10);
        assertThat(read(60, Map.of("200", 1020.0, "503", 700.0, "500", 3.0))).isEqualTo(13);
        assertThat(read(75, Map.of("200", 1020.0, "503", 701.0, "500", 5.0))).isEqualTo(3);
    }

    /** All counters are called otherwise from 1200 on: what they have was there before. */
    @Test
    void anotherNameIsNoBirth() {
        read(0, Map.of("200", 5000.0, "500", 70.0));
        read(1185, Map.of("200", 6000.0, "500", 80.0));
        for (int i = 0; i < Counters.PATIENCE; i++) {
            assertThat(read(1200 + 15 * i, Map.of("200,zone", 6010.0 + i, "500,zone", 81.0)))
                    .isZero();
        }
        assertThat(read(1245, Map.of("200,zone", 6013.0, "500,zone", 81.0))).isZero();
        assertThat(read(1260, Map.of("200,zone", 6023.0, "500,zone", 82.0))).isEqualTo(11);
        assertThat(counters.restarts()).isEmpty();
        assertThat(counters.disbelieved()).isEmpty();
    }

    /** The exposure is held up, the errors are not: they do not stand alone. */
    @Test
    void aReadingThatIsNotWhole_isInTheNextOne() {
        read(0, Map.of("200", 1000.0, "500", 1.0));
        assertThat(read(15, Map.of("500", 11.0))).isZero();
        assertThat(read(30, Map.of("500", 21.0))).isZero();
        assertThat(read(45, Map.of("200", 1990.0, "500", 31.0))).isEqualTo(990 + 30);
    }

    @Test
    void whatHasFallenBeganAnew() {
        read(0, Map.of("200", 1000.0, "500", 40.0));
        // the first reading of a new process is believed with the next; its errors are not there yet
        assertThat(read(15, Map.of("200", 7.0))).isZero();
        assertThat(read(30, Map.of("200", 20.0))).isEqualTo(20);
        assertThat(counters.restarts()).containsOnlyKeys(TARGET);
        assertThat(read(60, Map.of("200", 30.0, "500", 2.0))).isEqualTo(12);
        assertThat(counters.disbelieved()).isEmpty();
    }

    /** Two processes are of one name: the one that has counted less is not heard, and after a while none. */
    @Test
    void twoSendersOfOneName_areNotBelieved() {
        read(0, Map.of("200", 1_000_000.0));
        double counted = 0;
        for (int i = 1; i <= 40; i++) {
            counted += read(15 * i, Map.of("200", i % 2 == 1 ? 20.0 + i : 1_000_000.0 + i));
        }
        assertThat(counted).isLessThanOrEqualTo(40);
        assertThat(counters.disbelieved()).containsExactly(TARGET);
    }

    @Test
    void whoBeginsAnewFromReadingToReading_isNotBelieved() {
        read(0, Map.of("200", 1000.0));
        double counted = 0;
        for (int i = 1; i <= 10; i++) {
            counted += read(15 * i, Map.of("200", 100.0 - i));
        }
        assertThat(counted).isZero();
        assertThat(counters.disbelieved()).containsExactly(TARGET);
    }

    /** Instruments that are read one after the other are of one reading. */
    @Test
    void whatComesWithinASecondIsOneReading() {
        counters.grown(List.of(point(0, "200", 100), point(1, "500", 10)), Instant.MAX);
        assertThat(sum(counters.grown(List.of(point(15_000, "200", 150), point(15_001, "500", 13)), Instant.MAX)))
                .isEqualTo(53);
    }

    /** Two processes of a pod that export by turns, of which nothing says that they are two. */
    @Test
    void readingsThatAreNeverWhole_areNotBelieved() {
        double counted = 0;
        for (int i = 0; i < 20; i++) {
            counted += sum(counters.grown(List.of(point(10_000L * i, "200", 100 * i)), Instant.MAX));
            counted += sum(counters.grown(List.of(point(10_000L * i + 5_000, "500", 100 * i)), Instant.MAX));
        }
        assertThat(counted).isEqualTo(1900);
        assertThat(counters.disbelieved()).containsExactly(TARGET);
    }

    private static SamplePoint point(long millis, String code, double count) {
        return new SamplePoint(
                "any",
                Arm.CANARY,
                new Series("code=" + code, "a", "", ""),
                START.plusMillis(millis),
                Measure.Part.of(Role.EXPOSURE, count, true));
    }

    private static double sum(List<SamplePoint> points) {
        return points.stream()
                .mapToDouble(point -> ((Measure.Part) point.measure()).count())
                .sum();
    }

    @Test
    void anEarlierReadingIsAnotherSenders() {
        read(0, Map.of("200", 1000.0));
        read(30, Map.of("200", 1030.0));
        assertThat(read(20, Map.of("200", 1020.0))).isZero();
        assertThat(read(45, Map.of("200", 1040.0))).isEqualTo(10);
    }

    /** The counter of all requests is written after those of the bounds. */
    @Test
    void aHistogramThatWasReadWhileItWasWritten_isLeftOut() {
        histogram(0, List.of(1.0), List.of(100L), 10_000_110);
        assertThat(histogram(15, List.of(1.0), List.of(200L), 10_000_209)).isEmpty();
        assertThat(histogram(30, List.of(1.0), List.of(200L), 10_000_210))
                .containsExactly(delta(List.of(1.0), List.of(100L), 100));
    }

    @Test
    void boundsThatAreGone_areMissedForAWhile() {
        histogram(0, List.of(0.1, 1.0), List.of(5L, 8L), 10);
        for (int i = 1; i <= Counters.PATIENCE; i++) {
            assertThat(histogram(15 * i, List.of(1.0), List.of(8L + i), 10 + i)).isEmpty();
        }
        assertThat(histogram(60, List.of(1.0), List.of(12L), 14)).containsExactly(delta(List.of(1.0), List.of(4L), 4));
        assertThat(histogram(75, List.of(1.0), List.of(13L), 15)).containsExactly(delta(List.of(1.0), List.of(1L), 1));
    }

    /** Whoever tells only of bounds that have something between them has none to tell of at first. */
    @Test
    void aHistogramOfNothing_mayHaveAnyBoundsNext() {
        histogram(0, List.of(), List.of(), 0);
        assertThat(histogram(15, List.of(0.1, 1.0), List.of(5L, 8L), 10))
                .containsExactly(delta(List.of(0.1, 1.0), List.of(5L, 8L), 10));
        assertThat(histogram(30, List.of(0.1, 1.0), List.of(5L, 9L), 11))
                .containsExactly(delta(List.of(0.1, 1.0), List.of(0L, 1L), 1));
    }

    /** Whatever is missing, and however often pods begin anew: no request counts twice, and none that was there before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingCountsTwice(long seed) {
        var random = new Random(seed);
        Map<String, Double> now = new TreeMap<>(Map.of("200", 1_000.0 * random.nextInt(1000), "500", 50.0));
        double happened = 0;
        double counted = 0;
        double sinceRestart = 0;
        read(0, now);
        for (int i = 1; i < 400; i++) {
            if (random.nextInt(60) == 0) {
                now = new TreeMap<>(Map.of("200", 0.0));
                sinceRestart = 0;
            }
            for (String code : List.of("200", "404", "500")) {
                if (code.equals("200") || random.nextInt(10) == 0) {
                    int more = random.nextInt(50);
                    now.merge(code, (double) more, Double::sum);
                    happened += more;
                    sinceRestart += more;
                }
            }
            Map<String, Double> arrived = new TreeMap<>(now);
            if (random.nextInt(5) == 0) {
                List<String> codes = new ArrayList<>(arrived.keySet());
                Collections.shuffle(codes, random);
                arrived.remove(codes.get(0));
            }
            if (!arrived.isEmpty()) {
                counted += read(15 * i, arrived);
            }
            if (random.nextInt(7) == 0) {
                counters = new Counters(counters.targets());
            }
        }
        counted += read(15 * 401, now);
        counted += read(15 * 402, now);
        assertThat(counted).as("seed %d", seed).isLessThanOrEqualTo(happened);
        assertThat(counted).as("seed %d", seed).isGreaterThanOrEqualTo(Math.min(sinceRestart, 0.5 * happened));
        assertThat(counted).as("seed %d", seed).isCloseTo(happened, within(0.5 * happened));
    }

    /** Reads counters of requests, and returns how many are counted. */
    private double read(int second, Map<String, Double> byCode) {
        List<SamplePoint> points = new ArrayList<>();
        byCode.forEach((code, count) -> points.add(point(1000L * second, code, count)));
        return sum(counters.grown(points, Instant.MAX));
    }

    private List<Measure> histogram(int second, List<Double> bounds, List<Long> upTo, long total) {
        return counters
                .grown(
                        List.of(new SamplePoint(
                                "any",
                                Arm.CANARY,
                                Series.of("h"),
                                START.plusSeconds(second),
                                new Measure.Distribution(bounds, upTo, total, true))),
                        Instant.MAX)
                .stream()
                .map(SamplePoint::measure)
                .toList();
    }

    private static Measure delta(List<Double> bounds, List<Long> upTo, long total) {
        return new Measure.Distribution(bounds, upTo, total, false);
    }
}
