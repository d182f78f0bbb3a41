package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.benchmarks.Budget.Verdict;
import dev.sluice.benchmarks.Latencies.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    private static Samples millis(long... values) {
        var samples = new Samples();
        LongStream.of(values).forEach(value -> samples.add(value * 1_000_000));
        return samples;
    }

    @Test
    void percentileIsTheNearestRank_overAllThreads() {
        var threads = new ArrayList<Samples>();
        threads.add(millis(LongStream.rangeClosed(51, 100).toArray()));
        threads.add(millis(LongStream.rangeClosed(1, 50).toArray()));

        Latencies latencies = Latencies.of(threads);

        assertThat(latencies.count()).isEqualTo(100);
        assertThat(latencies.percentileMillis(0.5)).isEqualTo(50);
        assertThat(latencies.percentileMillis(0.99)).isEqualTo(99);
        assertThat(latencies.percentileMillis(0.991)).isEqualTo(100);
        assertThat(latencies.percentileMillis(1)).isEqualTo(100);
        assertThat(latencies.percentileMillis(0.001)).isEqualTo(1);
    }

    @Test
    void percentileOfOneLatencyIsThatLatency() {
        assertThat(Latencies.of(List.of(millis(7))).percentileMillis(0.99)).isEqualTo(7);
    }

    @Test
    void keepsMoreLatenciesThanItHadRoomFor() {
        Latencies latencies =
                Latencies.of(List.of(millis(LongStream.rangeClosed(1, 5_000).toArray())));

        assertThat(latencies.count()).isEqualTo(5_000);
        assertThat(latencies.percentileMillis(0.99)).isEqualTo(4_950);
    }

    @Test
    void refusesPercentilesOfNothing_andSharesOutOfRange() {
        Latencies latencies = Latencies.of(List.of(millis(1)));

        assertThatIllegalArgumentException().isThrownBy(() -> Latencies.of(List.of(new Samples())));
        assertThatIllegalArgumentException().isThrownBy(() -> latencies.percentileMillis(0));
        assertThatIllegalArgumentException().isThrownBy(() -> latencies.percentileMillis(1.01));
    }

    @Test
    void medianIsTheMiddle_ofAnEvenNumberTheMeanOfTwo() {
        assertThat(new Rounds(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
        assertThat(new Rounds(List.of(9.0, 1.0, 5.0, 7.0)).median()).isEqualTo(6);
    }

    @Test
    void ratioIsOfMedians_soThatOneBadRoundCountsForLittle() {
        var fast = new Rounds(List.of(200.0, 10.0, 210.0));
        var slow = new Rounds(List.of(100.0, 101.0, 99.0));

        assertThat(fast.ratioTo(slow)).isEqualTo(2);
    }

    @Test
    void budgetTellsBySide_andFromAFactorOfTwoOn() {
        assertThat(Budget.atMost(20).verdict(20)).isEqualTo(Verdict.MET);
        assertThat(Budget.atMost(20).verdict(39.9)).isEqualTo(Verdict.MISSED);
        assertThat(Budget.atMost(20).verdict(40)).isEqualTo(Verdict.FAR_MISSED);
        assertThat(Budget.atLeast(0.5).verdict(0.5)).isEqualTo(Verdict.MET);
        assertThat(Budget.atLeast(0.5).verdict(0.26)).isEqualTo(Verdict.MISSED);
        assertThat(Budget.atLeast(0.5).verdict(0.25)).isEqualTo(Verdict.FAR_MISSED);
    }

    @Test
    void tellsTheStateOfDeploymentsAndCommitsApart() {
        // 1,000 B a deployment, 300 B a commit
        var few = new StateSize(100, 200, 160_000);
        var many = new StateSize(50, 400, 170_000);

        StateSize.PerThing parts = StateSize.solve(few, many);

        assertThat(parts.deployment()).isCloseTo(1_000, within(1e-9));
        assertThat(parts.commit()).isCloseTo(300, within(1e-9));
    }

    @Test
    void refusesToTellApart_whereTheSharesAreTheSame() {
        var one = new StateSize(100, 200, 160_000);
        var twice = new StateSize(200, 400, 320_000);

        assertThatIllegalArgumentException().isThrownBy(() -> StateSize.solve(one, twice));
    }

    @Test
    void refusesFiguresThatAreNoNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> Figure.of("ratio", 1.0 / 0.0, ""));
    }
}
