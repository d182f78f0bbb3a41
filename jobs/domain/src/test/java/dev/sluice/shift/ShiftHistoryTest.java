package dev.sluice.shift;

import static dev.sluice.shift.ShiftFixture.daily;
import static dev.sluice.shift.ShiftFixture.day;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulation.MemoryShiftTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShiftHistoryTest {
    private static final int EARLY_THRESHOLD = 20;

    static Stream<Arguments> seeds() {
        return Stream.of(ShiftMetric.values())
                .flatMap(metric -> LongStream.rangeClosed(1, 4).mapToObj(seed -> Arguments.of(metric, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void whateverIsCorrectedItIsAsIfFromScratch(ShiftMetric metric, long seed) {
        var random = new Random(seed);
        List<MetricValue> all = ShiftDetectorTest.history(metric, random, 400);
        var history = new History(metric);
        all.subList(0, 300).forEach(history.values::add);
        history.update(all.get(0).day());
        int found = 0;
        for (int i = 0; i < 30; i++) {
            long first = Long.MAX_VALUE;
            for (int corrections = 1 + random.nextInt(3); corrections > 0; corrections--) {
                MetricValue value = all.get(random.nextInt(all.size()));
                first = Math.min(first, value.day());
                if (history.has(value)) {
                    history.values.remove(value);
                } else {
                    history.values.add(value);
                }
            }

            List<Shift> shifts = history.update(first);

            assertThat(shifts).as("seed %d, correction %d", seed, i).isEqualTo(history.fromScratch());
            found += shifts.size();
        }
        assertThat(found).as("seed %d finds something", seed).isPositive();
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void theOrderOfArrivalPlaysNoPart(ShiftMetric metric, long seed) {
        var random = new Random(seed);
        List<MetricValue> inOrder = ShiftDetectorTest.history(metric, random, 300);
        List<MetricValue> shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, random);

        History expected = new History(metric);
        inOrder.forEach(expected::arrives);
        History history = new History(metric);
        shuffled.forEach(history::arrives);

        assertThat(history.shifts()).as("seed %d", seed).isEqualTo(expected.shifts());
        assertThat(history.tables.keptStates()).as("seed %d", seed).isEqualTo(expected.tables.keptStates());
    }

    @Test
    void aNewValueReadsItsWeekAlone() {
        var history = new History(ShiftMetric.CHANGE_FAIL_RATE);
        daily(200, day -> day % 10 == 0 ? 1 : 0).forEach(history::arrives);
        history.values.takeRead();

        history.arrives(MetricValue.at(day(200), 0)); // the fifth day of its week

        assertThat(history.values.takeRead())
                .containsExactlyElementsOf(LongStream.rangeClosed(epochDay(196), epochDay(200))
                        .boxed()
                        .toList());
    }

    @Test
    void aCorrectionReadsFromItsWeekOn() {
        var history = new History(ShiftMetric.CHANGE_FAIL_RATE);
        List<MetricValue> values = daily(200, day -> day % 10 == 0 ? 1 : 0);
        values.forEach(history::arrives);
        history.values.takeRead();

        history.values.remove(values.get(150));
        history.arrives(MetricValue.at(day(150), 1));

        assertThat(history.values.takeRead().first()).isEqualTo(epochDay(147));
    }

    @Test
    void oldDaysMayBeDropped() {
        List<MetricValue> values = daily(1000, day -> day < 500 ? (day % 10 == 0 ? 1 : 0) : (day % 3 == 0 ? 1 : 0));
        var all = new History(ShiftMetric.CHANGE_FAIL_RATE);
        var window = new History(ShiftMetric.CHANGE_FAIL_RATE);
        for (MetricValue value : values) {
            all.arrives(value);
            window.arrives(value);
            // its week began up to six days before
            window.values.dropBefore(value.day() - 6 - ShiftDetector.MEMORY_DAYS);
        }
        assertThat(window.shifts()).isEqualTo(all.shifts()).isNotEmpty();
    }

    @Test
    void statesThatWereDroppedAreMadeAgain() {
        var history = new History(ShiftMetric.CHANGE_FAIL_RATE);
        List<MetricValue> values = daily(300, day -> day < 200 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));
        values.forEach(history::arrives);
        Map<String, DetectorState> expected = history.tables.keptStates();
        expected.keySet().forEach(history.tables.states()::remove);

        history.update(epochDay(250));

        assertThat(history.tables.keptStates()).isEqualTo(expected);
        assertThat(history.shifts()).isEqualTo(history.fromScratch()).isNotEmpty();
    }

    @Test
    void nothingIsLeftOfValuesThatAreGone() {
        var history = new History(ShiftMetric.CHANGE_FAIL_RATE);
        List<MetricValue> values = daily(300, day -> day < 200 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));
        values.forEach(history::arrives);
        assertThat(history.shifts()).isNotEmpty();

        values.forEach(history.values::remove);

        assertThat(history.update(epochDay(0))).isEmpty();
        assertThat(history.tables.keptStates()).isEmpty();
        assertThat(history.tables.weekIndex().keys()).isEmpty();
        assertThat(history.tables.shifts().keys()).isEmpty();
    }

    private static long epochDay(int day) {
        return MetricValue.at(day(day), 0).day();
    }

    private static final class History {
        private final KeptValues values = new KeptValues();
        private final MemoryShiftTables tables = new MemoryShiftTables();
        private final ShiftDetector detector;
        private final ShiftHistory history;

        History(ShiftMetric metric) {
            detector = new ShiftDetector(metric, EARLY_THRESHOLD);
            history = new ShiftHistory(detector, values, tables);
        }

        void arrives(MetricValue value) {
            values.add(value);
            history.update(value.day());
        }

        List<Shift> update(long firstDay) {
            return history.update(firstDay);
        }

        List<Shift> shifts() {
            return history.shifts();
        }

        List<Shift> fromScratch() {
            return detector.shifts(values);
        }

        boolean has(MetricValue value) {
            return values.on(value.day()).contains(value);
        }
    }
}
