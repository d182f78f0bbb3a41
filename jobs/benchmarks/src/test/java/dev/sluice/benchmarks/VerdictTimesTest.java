package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.canary.intake.BucketClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTimesTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    /** The points of run 0 are due in the middle of a second, those of run 1 at its end. */
    private static final LiveSchedule TWO = new LiveSchedule(2);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 166, 1000, 2500})
    void aBucketIsCompleteWithThePointsForWhichTheJobWaits(int runs) {
        BucketClock clock = BucketClock.of(LiveSchedule.BUCKET);
        var schedule = new LiveSchedule(runs);
        for (int run = 0; run < runs; run++) {
            long bucket = bucketOf(clock, schedule.due(run, 7));
            assertThat(bucket).isEqualTo(7);
            long completing = bucketOf(clock, schedule.completed(run, 7));
            assertThat(clock.incompleteAfter(completing)).isEqualTo(8);
            assertThat(clock.incompleteAfter(completing - 1)).isEqualTo(7);
        }
        assertThat(schedule.end(7)).isEqualTo(8 * SECOND);
        assertThat(schedule.due(runs - 1, 7)).isEqualTo(8 * SECOND);
    }

    /** Counts are of the time before them. */
    private static long bucketOf(BucketClock clock, long due) {
        return clock.numberOf(Instant.EPOCH.plus(Duration.ofNanos(due)).minusMillis(1));
    }

    @Test
    void countsFromThePointsThatComplete_andFromTheEndOfTheBucket() {
        var times = new VerdictTimes(TWO, 0, 100 * SECOND);

        times.seen(0, 1, 3 * SECOND + 520 * MILLI);
        times.seen(1, 1, 4 * SECOND + 30 * MILLI);

        assertThat(times.sinceCompletion().percentileMillis(0.5)).isEqualTo(20);
        assertThat(times.sinceCompletion().percentileMillis(1)).isEqualTo(30);
        assertThat(times.sinceEnd().percentileMillis(0.5)).isEqualTo(2520);
        assertThat(times.sinceEnd().percentileMillis(1)).isEqualTo(3030);
    }

    @Test
    void aVerdictIsOfAllBucketsSinceTheOneBefore() {
        var times = new VerdictTimes(TWO, 0, 100 * SECOND);

        times.seen(0, 0, SECOND);
        times.seen(0, 2, 4 * SECOND + 600 * MILLI);
        times.seen(0, 2, 5 * SECOND);

        assertThat(times.judgedInWindow()).isEqualTo(2);
        assertThat(times.sinceCompletion().count()).isEqualTo(2);
        assertThat(times.sinceCompletion().percentileMillis(0.5)).isEqualTo(100);
        assertThat(times.sinceCompletion().percentileMillis(1)).isEqualTo(1100);
    }

    @Test
    void onlyWhatIsCompletedInTheWindowIsMeasured_andByItsThird() {
        var times = new VerdictTimes(new LiveSchedule(1), 10 * SECOND, 16 * SECOND);

        // bucket b is completed at b + 4 s: 6 is the first of the window, 11 the last
        for (long bucket = 0; bucket <= 14; bucket++) {
            times.seen(0, bucket + 1, (bucket + 4) * SECOND + bucket * MILLI);
        }

        assertThat(times.completedInWindow()).isEqualTo(6);
        assertThat(times.judgedInWindow()).isEqualTo(6);
        assertThat(times.sinceCompletion(0).percentileMillis(1)).isEqualTo(7);
        assertThat(times.sinceCompletion(1).percentileMillis(1)).isEqualTo(9);
        assertThat(times.sinceCompletion(2).percentileMillis(1)).isEqualTo(11);
    }

    @Test
    void isCompleteWithTheLastVerdictThatIsDueInTheWindow() {
        var times = new VerdictTimes(TWO, 0, 5 * SECOND);

        times.seen(0, 2, 6 * SECOND);
        assertThat(times.isComplete()).isFalse();
        times.seen(1, 1, 6 * SECOND);

        // run 0 completes a second bucket at 4.5 s; run 1 does at 5 s, which is not of the window
        assertThat(times.isComplete()).isTrue();
        assertThat(times.giveUp(9 * SECOND)).isZero();
        assertThat(times.completedInWindow()).isEqualTo(3);
    }

    @Test
    void whatIsNeverSeenIsChargedAllTheTimeThatWasWaited() {
        var times = new VerdictTimes(TWO, 0, 5 * SECOND);
        times.seen(0, 1, 4 * SECOND);

        assertThat(times.giveUp(35 * SECOND)).isEqualTo(2);

        assertThat(times.isComplete()).isTrue();
        assertThat(times.completedInWindow()).isEqualTo(3);
        assertThat(times.judgedInWindow()).isEqualTo(1);
        assertThat(times.sinceCompletion().percentileMillis(1)).isEqualTo(31_000);
    }

    @Test
    void refusesWhatIsNoScheduleOrWindow() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LiveSchedule(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new VerdictTimes(TWO, 5, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> new VerdictTimes(TWO, 0, SECOND).giveUp(0));
    }
}
