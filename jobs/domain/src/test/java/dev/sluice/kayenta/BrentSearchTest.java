package dev.sluice.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrentSearchTest {
    /** The root is 0.7390851332151607 (OEIS A003957). */
    @Test
    void findsTheRootOfASmoothFunction() {
        assertThat(root(x -> Math.cos(x) - x, 0, 1)).isCloseTo(0.7390851332151607, within(BrentSearch.TOLERANCE));
    }

    /** Wallis's equation x³ - 2x - 5 = 0, of which the root is 2.0945514815423265. */
    @Test
    void findsTheRootOfARisingFunction() {
        assertThat(root(x -> x * x * x - 2 * x - 5, 2, 3)).isCloseTo(2.0945514815423265, within(BrentSearch.TOLERANCE));
    }

    /** R prints {@code root 0.3333333} for {@code uniroot(function(x, a) x - a, c(0, 1), tol = 0.0001, a = 1/3)}. */
    @Test
    void findsTheRootOfALineAtOnce() {
        var asked = new AtomicInteger();
        double root = root(
                x -> {
                    asked.incrementAndGet();
                    return x - 1 / 3.0;
                },
                0,
                1);
        assertThat(root).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(asked).hasValueLessThan(8);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.00001, 0.3, 0.5, 0.999999})
    void findsAJump(double jump) {
        assertThat(root(x -> x < jump ? 1 : -2, 0, 1)).isCloseTo(jump, within(BrentSearch.TOLERANCE));
        assertThat(root(x -> x < jump ? -2 : 1, 0, 1)).isCloseTo(jump, within(BrentSearch.TOLERANCE));
    }

    @Test
    void anEndMayBeTheRoot() {
        assertThat(root(x -> x - 2, 2, 7)).isEqualTo(2);
        assertThat(root(x -> x - 7, 2, 7)).isEqualTo(7);
    }

    /** In a range narrower than the tolerance, the end with the smaller value is near enough. */
    @Test
    void inANarrowRangeTheBetterEndIsTheAnswer() {
        assertThat(root(x -> x < 3e-5 ? 1 : -2, 0, 4e-5)).isEqualTo(0);
        assertThat(root(x -> x < 3e-5 ? 2 : -1, 0, 4e-5)).isEqualTo(4e-5);
    }

    /** It takes 1036 halves to get from a range of 1.6e308 to one of 0.0001. */
    @Test
    void endsAfterAThousandSteps() {
        var asked = new AtomicInteger();
        BrentSearch.root(
                x -> {
                    asked.incrementAndGet();
                    return x < 0.3 ? 1 : -1;
                },
                -8e307,
                1,
                8e307,
                -1);
        assertThat(asked.get()).isBetween(1000, 1001);
    }

    /**
     * R prints -6.799963 as the difference in location for {@code wilcox.test(mpg ~ am, data = mtcars, conf.int = TRUE)}: the
     * root of the statistic without a correction for continuity, found by {@code uniroot}.
     */
    @Test
    void isTheRootOfROfAStepFunction() {
        double[] x = Series.array(MannWhitneyTest.AUTOMATIC);
        double[] y = Series.array(MannWhitneyTest.MANUAL);
        assertThat(root(mu -> uncorrected(x, y, mu), 10.4 - 33.9, 24.4 - 15.0)).isCloseTo(-6.799963, within(5e-7));
    }

    private static double uncorrected(double[] x, double[] y, double mu) {
        double greater = 0;
        double[] shifted = x.clone();
        for (int i = 0; i < x.length; i++) {
            shifted[i] -= mu;
            for (double value : y) {
                greater += shifted[i] > value ? 1 : shifted[i] == value ? 0.5 : 0;
            }
        }
        double all = x.length + y.length;
        double pairs = (double) x.length * y.length;
        double variance = pairs / 12 * (all + 1 - ties(shifted, y) / (all * (all - 1)));
        return (greater - pairs / 2) / Math.sqrt(variance);
    }

    /** Each value in a group of t adds t² - 1, all of them t³ - t. */
    private static double ties(double[] x, double[] y) {
        double[] all = DoubleStream.concat(Arrays.stream(x), Arrays.stream(y)).toArray();
        double ties = 0;
        for (double value : all) {
            double t = Arrays.stream(all).filter(other -> other == value).count();
            ties += t * t - 1;
        }
        return ties;
    }

    private static double root(DoubleUnaryOperator function, double low, double high) {
        return BrentSearch.root(function, low, function.applyAsDouble(low), high, function.applyAsDouble(high));
    }
}
