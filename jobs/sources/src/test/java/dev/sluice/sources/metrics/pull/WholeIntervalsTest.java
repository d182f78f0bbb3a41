package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.wire.CanarySelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeIntervalsTest {
    private static final CanarySelection ANY = RunRequests.ratio("e", "x");

    /** The run began at three seconds: the interval of its beginning is not all of it. */
    @ParameterizedTest
    @CsvSource({
        "3, 9.999, 10, 0",
        "3, 10, 10, 10",
        "3, 19.999, 10, 10",
        "3, 20, 10, 20",
        "25, 41, 20, 40",
        "30, 40, 30, 40",
        "30.001, 39.999, 30, 30"
    })
    void onlyWhatHasEndedAndIsOfTheRun(double from, double to, double first, double end) {
        WholeIntervals intervals = WholeIntervals.of(RunRequests.request(ANY, from, to));

        assertThat(intervals.first()).isEqualTo(RunRequests.after(first));
        assertThat(intervals.end()).isEqualTo(RunRequests.after(end));
        assertThat(intervals.isEmpty()).isEqualTo(first >= end);
    }

    @Test
    void anIntervalBeginsOnTheGrid() {
        WholeIntervals intervals = WholeIntervals.of(RunRequests.request(ANY, 3, 45));

        assertThat(List.of(0.0, 10.0, 15.0, 30.0, 40.0))
                .filteredOn(seconds -> intervals.beginsOneAt(RunRequests.after(seconds)))
                .containsExactly(10.0, 30.0);
    }

    /** Whatever the times of requests are, of which each begins where the one before has ended. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void requestsInARow_haveEachIntervalOnce(long seed) {
        var random = new Random(seed);
        long bucket = 1000L * (1 + random.nextInt(90));
        List<Instant> begins = new ArrayList<>();
        double to = 3;
        for (int i = 0; i < 100; i++) {
            double from = to;
            to += random.nextInt(20_000) / 1000.0;
            WholeIntervals intervals = WholeIntervals.of(RunRequests.request(ANY, bucket, from, to));
            for (Instant at = intervals.first(); at.isBefore(intervals.end()); at = at.plusMillis(bucket)) {
                begins.add(at);
            }
        }

        assertThat(begins)
                .as("seed %d", seed)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(begins.get(0)).as("seed %d", seed).isAfterOrEqualTo(RunRequests.after(3));
        assertThat(Duration.between(begins.get(0), begins.get(begins.size() - 1))
                        .toMillis())
                .as("seed %d", seed)
                .isEqualTo(bucket * (begins.size() - 1));
    }

    @Test
    void partsOfSecondsCannotBeAskedFor() {
        assertThatThrownBy(() -> WholeIntervals.of(RunRequests.request(ANY, 2500, 3, 20)))
                .hasMessage("cannot be asked for buckets of 2500 ms: they must be whole seconds");
    }
}
