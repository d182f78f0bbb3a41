package dev.sluice.canary.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise of every test: over all that can happen in some buckets, the expectation of E is at most 1. */
class SupermartingaleTest {
    private static final double ROUNDING = 1e-12;
    private static final double[] RATES = {0, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1};

    static Stream<Arguments> ratios() {
        var tolerances = List.of(new Allowance(0, 0), new Allowance(0.1, 0), new Allowance(0.2, 0.05));
        var arms = List.of(new int[] {7, 5}, new int[] {12, 3}, new int[] {2, 9});
        return tolerances.stream()
                .flatMap(tolerance -> arms.stream()
                        .flatMap(arm -> Stream.of(1.0, 2.5).map(phi -> Arguments.of(tolerance, arm, phi))));
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void failOfIncrease(Allowance allowed, int[] arms, double phi) {
        for (double baseline : RATES) {
            double greatest = Math.min(1, (1 + allowed.relative()) * baseline + allowed.absolute());
            for (double canary : new double[] {greatest, greatest / 2, 0}) {
                assertBounded(RatioHypothesis.failOfIncrease(allowed), arms, baseline, canary, phi);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void failOfDecrease(Allowance allowed, int[] arms, double phi) {
        for (double baseline : RATES) {
            double least = Math.max(0, (1 - allowed.relative()) * baseline - allowed.absolute());
            for (double canary : new double[] {least, (1 + least) / 2, 1}) {
                assertBounded(RatioHypothesis.failOfDecrease(allowed), arms, baseline, canary, phi);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void passOfIncrease(Allowance margin, int[] arms, double phi) {
        for (double baseline : RATES) {
            double least = (1 + margin.relative()) * baseline + margin.absolute();
            if (least <= 1) {
                for (double canary : new double[] {least, (1 + least) / 2, 1}) {
                    assertBounded(RatioHypothesis.passOfIncrease(margin), arms, baseline, canary, phi);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void passOfDecrease(Allowance margin, int[] arms, double phi) {
        for (double baseline : RATES) {
            double greatest = (1 - margin.relative()) * baseline - margin.absolute();
            if (greatest >= 0) {
                for (double canary : new double[] {greatest, greatest / 2, 0}) {
                    assertBounded(RatioHypothesis.passOfDecrease(margin), arms, baseline, canary, phi);
                }
            }
        }
    }

    /** With the sign of another use of the formula the expectation is above 1: the test would notice. */
    @Test
    void noticesAWrongSign() {
        var wrong = new RatioHypothesis(Side.LESS, 0, 0.05);
        double baseline = 0.3;
        assertThat(expectation(wrong, new int[] {12, 3}, baseline, baseline - 0.05, 1))
                .isGreaterThan(1 + 1e-4);
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void exceedance(Allowance ignored, int[] arms, double phi) {
        for (Side side : Side.values()) {
            for (int support : new int[] {0, 1000}) {
                var hypothesis = new ExceedanceHypothesis(side, support);
                for (double baseline : RATES) {
                    double beyond = side == Side.MORE ? baseline / 2 : (1 + baseline) / 2;
                    for (double canary : new double[] {baseline, beyond}) {
                        double expectation = overBothArms(
                                arms,
                                baseline,
                                canary,
                                bucket -> meanOfExp(hypothesis.increments(exceedance(bucket)), phi));
                        assertThat(expectation).isLessThanOrEqualTo(1 + ROUNDING);
                    }
                }
            }
        }
    }

    /** Two buckets with other shares of traffic and another phi, seen by the mixture over onsets. */
    @Test
    void onsetOverTwoBuckets() {
        int[] first = {6, 2};
        int[] second = {4, 5};
        for (Allowance allowed : List.of(new Allowance(0, 0), new Allowance(0.2, 0.05))) {
            var hypothesis = RatioHypothesis.failOfIncrease(allowed);
            for (double rate : new double[] {0.01, 0.1, 0.4}) {
                double canary = (1 + allowed.relative()) * rate + allowed.absolute();
                double expectation = overBothArms(
                        first,
                        rate,
                        canary,
                        one -> overBothArms(second, rate / 2, canary - (1 + allowed.relative()) * rate / 2, two -> {
                            var onset = new OnsetMixture(60);
                            onset.add(hypothesis.increments(one), 1);
                            onset.add(hypothesis.increments(two), one.events() > 2 ? 3 : 1);
                            return Math.exp(onset.logE());
                        }));
                assertThat(expectation).isLessThanOrEqualTo(1 + ROUNDING);
            }
        }
    }

    private static void assertBounded(
            RatioHypothesis hypothesis, int[] arms, double baseline, double canary, double phi) {
        assertThat(expectation(hypothesis, arms, baseline, canary, phi))
                .as("p %s and %s", baseline, canary)
                .isLessThanOrEqualTo(1 + ROUNDING);
    }

    private static double expectation(
            RatioHypothesis hypothesis, int[] arms, double baseline, double canary, double phi) {
        return overBothArms(arms, baseline, canary, bucket -> meanOfExp(hypothesis.increments(bucket), phi));
    }

    private static double meanOfExp(double[] increments, double phi) {
        double sum = 0;
        for (double increment : increments) {
            sum += Math.exp(increment / phi) / increments.length;
        }
        return sum;
    }

    /** The expectation over all counts of Bernoulli requests: the numbers of requests are {baseline, canary}. */
    private static double overBothArms(
            int[] arms, double baseline, double canary, ToDoubleFunction<RatioBucket> value) {
        var ofBaseline = new BinomialDistribution(null, arms[0], baseline);
        var ofCanary = new BinomialDistribution(null, arms[1], canary);
        double sum = 0;
        for (int b = 0; b <= arms[0]; b++) {
            for (int c = 0; c <= arms[1]; c++) {
                double probability = ofBaseline.probability(b) * ofCanary.probability(c);
                if (probability > 0) {
                    sum += probability * value.applyAsDouble(new RatioBucket(b, arms[0], c, arms[1]));
                }
            }
        }
        return sum;
    }

    private static ExceedanceBucket exceedance(RatioBucket bucket) {
        return new ExceedanceBucket(
                (long) bucket.baselineEvents(), (long) bucket.baselineExposure(), (long) bucket.canaryEvents(), (long)
                        bucket.canaryExposure());
    }
}
