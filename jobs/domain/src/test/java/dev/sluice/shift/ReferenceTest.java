package dev.sluice.shift;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.statistics.Interval;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Expected intervals are scipy 1.17.1's, or written out. */
class ReferenceTest {
    @Test
    void aRateIsBoundedByWilsonsInterval() {
        Reference reference = Reference.of(ShiftMetric.CHANGE_FAIL_RATE, ones(12, 80));
        assertThat(reference.level().n()).isEqualTo(80);
        assertThat(reference.level().value()).isEqualTo(0.15);
        assertThat(reference.moreThan()).isCloseTo(0.24413228561323347, within(1e-12));
        assertThat(reference.lessThan()).isCloseTo(0.08794040506163547, within(1e-12));
        assertThat(reference.dispersion()).isOne();
    }

    @Test
    void aSuccessRateIsWatchedByItsFailures() {
        Reference reference = Reference.of(ShiftMetric.DEPLOYMENT_SUCCESS_RATE, ones(68, 80));
        assertThat(reference.level().value()).isEqualTo(0.85);
        Interval interval = requireNonNull(reference.level().interval());
        assertThat(interval.lower()).isCloseTo(1 - 0.24413228561323347, within(1e-12));
        assertThat(reference.moreThan()).isCloseTo(0.24413228561323347, within(1e-12));
        assertThat(reference.lessThan()).isCloseTo(0.08794040506163547, within(1e-12));
    }

    @Test
    void aRateOfNoneIsTakenForAFewPercentAndCannotFall() {
        // Wilson's bound for 0 of n is z^2 / (n + z^2): above 0.05 up to n = 72
        assertThat(Reference.of(ShiftMetric.CHANGE_FAIL_RATE, ones(0, 20)).moreThan())
                .isCloseTo(0.16112515805281938, within(1e-12));
        Reference many = Reference.of(ShiftMetric.CHANGE_FAIL_RATE, ones(0, 500));
        assertThat(many.moreThan()).isEqualTo(0.05);
        assertThat(many.lessThan()).isNull();
    }

    @Test
    void aRateOfAlmostAllCannotRise() {
        Reference all = Reference.of(ShiftMetric.CHANGE_FAIL_RATE, ones(500, 500));
        assertThat(all.moreThan()).isNull();
        assertThat(all.lessThan()).isEqualTo(0.9);
    }

    @Test
    void aRareFailureIsNotBoundedNearerToNothingThanOnePercent() {
        Reference rare = Reference.of(ShiftMetric.CHANGE_FAIL_RATE, ones(1, 2000));
        assertThat(rare.moreThan()).isEqualTo(0.01);
        assertThat(rare.lessThan()).isNull();
    }

    @Test
    void aDurationIsBoundedByOrderStatisticsOfTheMedian() {
        long[] values = LongStream.rangeClosed(1, 25).map(i -> 26 - i).toArray();
        Reference reference = Reference.of(ShiftMetric.CHANGE_LEAD_TIME, values);
        assertThat(reference.level()).isEqualTo(new Level(25, 13, new Interval(8, 18)));
        assertThat(reference.moreThan()).isEqualTo(18);
        assertThat(reference.lessThan()).isEqualTo(8);
    }

    @Test
    void aDurationOfTooFewValuesHasNone() {
        assertThatThrownBy(() -> Reference.of(ShiftMetric.CHANGE_LEAD_TIME, new long[5]))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void aFrequencyIsBoundedByGarwoodsInterval() {
        long[] weeks = {4, 3, 4, 4, 3, 4, 4, 3, 4, 4, 4, 3, 4};
        Reference reference = Reference.of(ShiftMetric.DEPLOYMENT_FREQUENCY, weeks);
        assertThat(reference.level().value()).isCloseTo(48 / 13.0, within(1e-15));
        assertThat(reference.dispersion()).isOne();
        assertThat(reference.moreThan()).isCloseTo(4.895464321702097, within(1e-9));
        assertThat(reference.lessThan()).isCloseTo(2.7224162171910185, within(1e-9));
    }

    @Test
    void countsThatSpreadMoreThanPoissonsWidenTheBounds() {
        long[] weeks = {3, 5, 2, 4, 9, 1, 4, 4, 0, 6, 3, 5, 2};
        Reference reference = Reference.of(ShiftMetric.DEPLOYMENT_FREQUENCY, weeks);
        assertThat(reference.dispersion()).isCloseTo(1.4618055555555556, within(1e-12));
        assertThat(reference.moreThan()).isCloseTo(5.2112546373718684, within(1e-9));
        assertThat(reference.lessThan()).isCloseTo(2.4612281055157057, within(1e-9));
    }

    @Test
    void weeksWithoutAnyDeploymentCannotBecomeFewer() {
        Reference none = Reference.of(ShiftMetric.DEPLOYMENT_FREQUENCY, new long[13]);
        assertThat(none.moreThan()).isCloseTo(0.28376, within(1e-5));
        assertThat(none.lessThan()).isNull();
        var one = new long[13];
        one[4] = 1;
        assertThat(Reference.of(ShiftMetric.DEPLOYMENT_FREQUENCY, one).lessThan())
                .isNull();
    }

    private static long[] ones(int ones, int n) {
        var values = new long[n];
        Arrays.fill(values, 0, ones, 1);
        return values;
    }
}
