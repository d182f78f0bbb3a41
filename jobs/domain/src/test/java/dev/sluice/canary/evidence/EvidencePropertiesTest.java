package dev.sluice.canary.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.statistics.Hypergeometric;
import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import dev.sluice.statistics.SequentialT;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidencePropertiesTest {
    private static final long SEED = 20261128;

    /** PASS of a decrease: the side is MORE and the allowed difference is negative; by hand for one alternative. */
    @Test
    void passOfDecreaseIsTheFormula() {
        var bucket = new RatioBucket(40, 100, 18, 50);
        double u0 = Math.log(0.8);
        double d = -0.05;
        double u = u0 + 0.05;
        double share = 50 / 150.0;
        double change = Math.log(1 + share * (Math.exp(u) - 1)) - Math.log(1 + share * (Math.exp(u0) - 1));
        double expected = 18 * 0.05 - 58 * change - 50 * d * (Math.exp(0.05 - change) - 1);
        double actual = RatioHypothesis.passOfDecrease(new Allowance(0.2, 0.05)).increments(bucket)[0];
        assertThat(actual).isCloseTo(expected, within(1e-12));
    }

    @Test
    void swappedArmsSwapTheSides() {
        // with r = 0, d = 0 and equal exposure, "the canary has more" of one is "the canary has less" of the other
        var one = new RatioBucket(3, 100, 9, 100);
        var other = new RatioBucket(9, 100, 3, 100);
        Allowance none = new Allowance(0, 0);
        assertThat(plain(RatioHypothesis.failOfIncrease(none), List.of(one), 1))
                .isCloseTo(plain(RatioHypothesis.failOfDecrease(none), List.of(other), 1), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void splittingABucketOfOneShareChangesNothing(int parts) {
        var whole = new RatioBucket(40, 10_000, 9, 500);
        var part = new RatioBucket(40.0 / parts, 10_000.0 / parts, 9.0 / parts, 500.0 / parts);
        RatioHypothesis hypothesis = RatioHypothesis.failOfIncrease(new Allowance(0.1, 0.0001));
        assertThat(plain(hypothesis, Collections.nCopies(parts, part), 1))
                .isCloseTo(plain(hypothesis, List.of(whole), 1), within(1e-10));
    }

    @Test
    void theOrderOfBucketsDoesNotMatterToAPlainMixtureAtOnePhi() {
        List<RatioBucket> buckets = buckets(50, new Random(SEED));
        List<RatioBucket> shuffled = new ArrayList<>(buckets);
        Collections.shuffle(shuffled, new Random(SEED));
        RatioHypothesis hypothesis = RatioHypothesis.failOfIncrease(new Allowance(0.1, 0));
        assertThat(plain(hypothesis, shuffled, 1)).isCloseTo(plain(hypothesis, buckets, 1), within(1e-9));
    }

    /** The recursion against the sum over all onsets, with a phi that differs from bucket to bucket. */
    @Test
    void onsetMixtureIsTheSumOverOnsets() {
        int planned = 60;
        RatioHypothesis hypothesis = RatioHypothesis.failOfIncrease(new Allowance(0.1, 0));
        List<RatioBucket> buckets = buckets(80, new Random(SEED));
        var mixture = new OnsetMixture(planned);
        var increments = new ArrayList<double[]>();
        var weights = new ArrayList<Double>();
        double toCome = 1;
        for (int t = 1; t <= buckets.size(); t++) {
            double phi = 1 + (t % 3);
            double[] increment = hypothesis.increments(buckets.get(t - 1));
            mixture.add(increment, phi);
            increments.add(Arrays.stream(increment).map(inc -> inc / phi).toArray());
            double weight = t == 1 ? 0.5 : toCome / Math.max(planned - t + 1, planned / 2.0);
            toCome -= weight;
            weights.add(weight);
            double expected = toCome;
            for (int onset = 0; onset < t; onset++) {
                for (int j = 0; j < Hypothesis.NODES; j++) {
                    double sum = 0;
                    for (int at = onset; at < t; at++) {
                        sum += increments.get(at)[j];
                    }
                    expected += weights.get(onset) * Math.exp(sum) / Hypothesis.NODES;
                }
            }
            assertThat(mixture.logE()).isCloseTo(Math.log(expected), within(1e-9));
        }
        assertThat(weights).allMatch(weight -> weight > 0);
        assertThat(toCome).isPositive();
    }

    @Test
    void onsetMixtureOfExceedancesForgetsNoHealthyTime() {
        var hypothesis = new ExceedanceHypothesis(Side.MORE);
        var plain = new PlainMixture();
        var onset = new OnsetMixture(2000);
        for (int t = 0; t < 1000; t++) {
            double[] healthy = hypothesis.increments(new ExceedanceBucket(95, 9500, 5, 500));
            plain.add(healthy, 1);
            onset.add(healthy, 1);
        }
        for (int t = 0; t < 6; t++) {
            double[] slow = hypothesis.increments(new ExceedanceBucket(95, 9500, 15, 500));
            plain.add(slow, 1);
            onset.add(slow, 1);
        }
        assertThat(onset.logE()).isGreaterThan(Math.log(100));
        assertThat(plain.logE()).isLessThan(0);
    }

    @Test
    void theBoundOfTheMgfIsNotBelowIt() {
        var random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            int unmarked = random.nextInt(400);
            int marked = 1 + random.nextInt(400);
            int drawn = random.nextInt(unmarked + marked + 1);
            var slow = new Hypergeometric(unmarked, marked, drawn);
            for (double u : new double[] {-4, -0.5, -0.02, 0.02, 0.5, 4}) {
                double exact = slow.logMgf(u)[0];
                assertThat(slow.logMgfBound(u))
                        .as("seed %d: %d, %d, %d, u %s", SEED, unmarked, marked, drawn, u)
                        .isGreaterThanOrEqualTo(exact - 1e-9 * Math.max(1, Math.abs(exact)));
            }
        }
    }

    /** Against the sum over the whole support of the probability mass by the log-gamma function. */
    @Test
    void theMgfIsExact() {
        var random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            int unmarked = random.nextInt(3000);
            int marked = 1 + random.nextInt(3000);
            int drawn = random.nextInt(unmarked + marked + 1);
            double[] arguments = {0.02, 0.3, 4};
            double[] exact = new Hypergeometric(unmarked, marked, drawn).logMgf(arguments);
            for (int k = 0; k < arguments.length; k++) {
                double expected = byLogGamma(unmarked, marked, drawn, arguments[k]);
                assertThat(exact[k])
                        .as("seed %d: %d, %d, %d, u %s", SEED, unmarked, marked, drawn, arguments[k])
                        .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
            }
        }
    }

    /** Ten million requests a bucket: the terms would underflow if they were not followed from the mode. */
    @Test
    void theMgfOfManyRequestsStaysBetweenItsBounds() {
        var slow = new Hypergeometric(5_000_000, 5_000_000, 5_000_000);
        for (double sign : new double[] {-1, 1}) {
            double[] arguments = {sign * 0.02, sign * 0.3, sign * 4};
            double[] exact = slow.logMgf(arguments);
            for (int k = 0; k < arguments.length; k++) {
                double mean = 2_500_000 * arguments[k];
                // convex, so above the line of the mean (Jensen), and below Hoeffding's bound
                assertThat(exact[k]).isBetween(mean, slow.logMgfBound(arguments[k]));
            }
            // a normal approximation is good to a part in a thousand at a small u
            double variance = 5_000_000 * 0.25 * 0.5;
            assertThat(exact[0] - 2_500_000 * arguments[0])
                    .isCloseTo(variance * 0.02 * 0.02 / 2, within(0.001 * variance * 0.02 * 0.02));
        }
    }

    private static double byLogGamma(int unmarked, int marked, int drawn, double u) {
        var terms = new ArrayList<Double>();
        for (int y = Math.max(0, drawn - unmarked); y <= Math.min(marked, drawn); y++) {
            terms.add(logChoose(marked, y)
                    + logChoose(unmarked, drawn - y)
                    - logChoose(marked + unmarked, drawn)
                    + u * y);
        }
        return LogSums.of(terms.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double logChoose(int n, int k) {
        return Gamma.logGamma(n + 1.0) - Gamma.logGamma(k + 1.0) - Gamma.logGamma(n - k + 1.0);
    }

    @Test
    void theGuardPassesOverBucketsWhereAllOrNothingFailed() {
        var guard = new DispersionGuard(1, Exposure.REQUESTS);
        guard.add(new RatioBucket(0, 100, 0, 10));
        guard.add(new RatioBucket(100, 100, 10, 10));
        assertThat(guard.phi()).isEqualTo(1);
        assertThat(guard.ratio()).isEqualTo(1);
        // of events in time as many may fall into a bucket as there are seconds, and more
        var ofTime = new DispersionGuard(1, Exposure.TIME);
        ofTime.add(new RatioBucket(100, 100, 30, 10));
        assertThat(ofTime.phi()).isGreaterThan(1);
        assertThat(ofTime.ratio()).isGreaterThan(1);
    }

    @Test
    void theFloorIsNeverAveragedAway() {
        var guard = new DispersionGuard(3, Exposure.REQUESTS);
        for (int i = 0; i < 500; i++) {
            guard.add(new RatioBucket(100, 10_000, 5, 500));
            guard.addPods(new double[] {25, 25, 25, 25}, new double[] {2500, 2500, 2500, 2500});
        }
        assertThat(guard.phi()).isEqualTo(3);
    }

    @Test
    void podsThatDifferInflate() {
        var guard = new DispersionGuard(2, Exposure.REQUESTS);
        for (int i = 0; i < 30; i++) {
            double[] events = {2, 2, 2, 2};
            events[i % 4] = 60;
            guard.addPods(events, new double[] {500, 500, 500, 500});
        }
        assertThat(guard.phi()).isGreaterThan(10);
        double before = guard.phi();
        guard.replacePods(3);
        assertThat(guard.phi()).isEqualTo(before);
    }

    /** Clusters longer than a block are seen by the longer blocks; independent requests are left alone. */
    @Test
    void theFloorForLaterSeesClusters() {
        var random = new Random(SEED);
        var independent = new DispersionGuard(1, Exposure.REQUESTS);
        var clustered = new DispersionGuard(1, Exposure.REQUESTS);
        for (int i = 0; i < 8640; i++) {
            boolean burst = i / 12 % 5 == 0;
            independent.add(new RatioBucket(poisson(random, 95), 9500, poisson(random, 5), 500));
            clustered.add(new RatioBucket(poisson(random, 95), 9500, poisson(random, burst ? 15 : 2.5), 500));
        }
        assertThat(independent.floorForLater()).as("seed %d", SEED).isBetween(1.0, 1.8);
        assertThat(clustered.floorForLater()).as("seed %d", SEED).isGreaterThan(5);
    }

    @Test
    void aTooSmallGIsNoEvidence() {
        assertThat(SequentialT.oneSided(-Math.log(2) - 1e-9)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(SequentialT.oneSided(-Math.log(2) + 1e-3)).isFinite();
        assertThat(SequentialT.oneSided(0)).isCloseTo(0, within(1e-12));
    }

    @Test
    void equalDifferencesDecideOnlyWithAHistory() {
        var series = new DifferenceSeries();
        for (int i = 0; i < 50; i++) {
            series.add(0.2);
        }
        assertThat(series.summary(null).isDecisive()).isFalse();
        assertThat(series.summary(null).logE(Side.MORE, 0.1)).isZero();
        DifferenceSummary known = series.summary(new GaugeHistory(0.5, 0.0025));
        assertThat(known.effective()).isEqualTo(25);
        assertThat(known.logE(Side.MORE, 0.1)).isGreaterThan(Math.log(20));
        assertThat(known.logE(Side.LESS, 0.1)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** A level of a billion does not drown the variance of the differences. */
    @Test
    void differencesFarFromZeroKeepTheirVariance() {
        var near = new DifferenceSeries();
        var far = new DifferenceSeries();
        var random = new Random(SEED);
        for (int i = 0; i < 100; i++) {
            double value = random.nextGaussian();
            near.add(value);
            far.add(value + 1e9);
        }
        assertThat(far.summary(null).variance()).isCloseTo(near.summary(null).variance(), within(1e-5));
        assertThat(far.summary(null).effective()).isCloseTo(near.summary(null).effective(), within(1e-4));
    }

    @Test
    void historyOfIndependentDifferencesIsWorthAlmostAllOfThem() {
        var random = new Random(SEED);
        double[] independent =
                random.doubles(4096).map(ignored -> random.nextGaussian()).toArray();
        var slow = new double[4096];
        for (int i = 1; i < slow.length; i++) {
            slow[i] = 0.95 * slow[i - 1] + independent[i];
        }
        assertThat(GaugeHistory.of(independent).orElseThrow().independence()).isBetween(0.4, 1.0);
        // the long-run variance of an AR(1) series is (1 + 0.95) / (1 - 0.95) = 39 times its variance
        assertThat(GaugeHistory.of(slow).orElseThrow().independence()).isBetween(0.01, 0.06);
        assertThat(GaugeHistory.of(Arrays.copyOf(independent, 255))).isEmpty();
        assertThat(GaugeHistory.of(new double[300])).isEmpty();
    }

    @Test
    void theRatioSequenceCoversAndShrinks() {
        var sequence = new RatioSequence();
        assertThat(sequence.interval(0.05, 1)).isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
        var random = new Random(SEED);
        double width = Double.POSITIVE_INFINITY;
        for (int t = 1; t <= 400; t++) {
            sequence.add(new RatioBucket(poisson(random, 95), 9500, poisson(random, 10), 500));
            if (t % 100 == 0) {
                Interval interval = sequence.interval(0.01, 1);
                assertThat(interval.lower()).as("seed %d", SEED).isLessThan(2);
                assertThat(interval.upper()).as("seed %d", SEED).isGreaterThan(2);
                Interval tempered = sequence.interval(0.01, 2);
                assertThat(tempered.lower()).isLessThanOrEqualTo(interval.lower());
                assertThat(tempered.upper()).isGreaterThanOrEqualTo(interval.upper());
                assertThat(interval.upper() - interval.lower()).isLessThan(width);
                width = interval.upper() - interval.lower();
            }
        }
        assertThat(width).isLessThan(0.6);
    }

    /** A late bucket is one of all onsets so far: as if it had come in its place, but for the onset in itself. */
    @Test
    void aLateBucketJoinsTheOnsetsBeforeIt() {
        RatioHypothesis hypothesis = RatioHypothesis.failOfIncrease(new Allowance(0.1, 0));
        List<RatioBucket> buckets = buckets(30, new Random(SEED));
        var inOrder = new PlainMixture();
        var withLate = new PlainMixture();
        var onset = new OnsetMixture(60);
        for (RatioBucket bucket : buckets) {
            inOrder.add(hypothesis.increments(bucket), 1);
        }
        for (int t = 1; t < buckets.size(); t++) {
            withLate.add(hypothesis.increments(buckets.get(t)), 1);
            onset.add(hypothesis.increments(buckets.get(t)), 1);
        }
        withLate.addLate(hypothesis.increments(buckets.get(0)), 1);
        assertThat(withLate.logE()).isCloseTo(inOrder.logE(), within(1e-9));
        double before = onset.logE();
        var worst = new RatioBucket(90, 9000, 60, 500);
        onset.addLate(hypothesis.increments(worst), 2);
        assertThat(onset.logE()).isGreaterThan(before);
    }

    @Test
    void emptyHypothesesAreKnown() {
        RatioHypothesis increase = RatioHypothesis.passOfIncrease(new Allowance(0.5, 0));
        assertThat(increase.isEmpty(0.66, Exposure.REQUESTS)).isFalse();
        assertThat(increase.isEmpty(0.67, Exposure.REQUESTS)).isTrue();
        assertThat(increase.isEmpty(0.67, Exposure.TIME)).isFalse();
        RatioHypothesis decrease = RatioHypothesis.passOfDecrease(new Allowance(0.5, 0.01));
        assertThat(decrease.isEmpty(0.021, Exposure.REQUESTS)).isFalse();
        assertThat(decrease.isEmpty(0.02, Exposure.REQUESTS)).isTrue();
        // without an absolute part nothing is proven by no events
        assertThat(RatioHypothesis.passOfDecrease(new Allowance(0.5, 0)).isEmpty(0, Exposure.REQUESTS))
                .isFalse();
    }

    /** Beyond any traffic, but legal: the sums have no room for ln(1/alpha), and there is still an interval. */
    @Test
    void countsBeyondAllMeasureHaveAnInterval() {
        var sequence = new RatioSequence();
        for (int i = 0; i < 1000; i++) {
            sequence.add(new RatioBucket(1e13, 1e15, 1e13, 1e15));
        }
        Interval interval = sequence.interval(0.01, 1);
        assertThat(interval.lower()).isLessThan(1);
        assertThat(interval.upper()).isGreaterThan(1);
    }

    @Test
    void histogramsAddUpToWhatBothKnow() {
        Histogram one = Histogram.ofBuckets(new double[] {1, 2, 4}, new long[] {5, 6, 9}, 10);
        Histogram other = Histogram.ofBuckets(new double[] {1, 4}, new long[] {1, 2}, 7);
        Histogram sum = one.plus(other);
        assertThat(sum.bounds()).containsExactly(1, 4);
        assertThat(sum.total()).isEqualTo(17);
        assertThat(sum.countAbove(1)).isEqualTo(11);
        assertThat(sum.countAbove(4)).isEqualTo(6);
        assertThat(sum.canCutAt(2)).isFalse();
        assertThatThrownBy(() -> sum.countAbove(2)).hasMessageContaining("none of the bounds");
        Histogram values = Histogram.ofValues(0.5, 3, 3).plus(Histogram.ofValues(0));
        assertThat(values.isOfValues()).isTrue();
        assertThat(values.countAbove(2)).isEqualTo(2);
        assertThat(values.countAbove(3)).isZero();
        assertThat(values.plus(one).isOfValues()).isFalse();
        assertThat(values.plus(one).countAbove(2)).isEqualTo(6);
    }

    @Test
    void aBoundAtTheToleranceIsNear() {
        Histogram arm = Histogram.ofBuckets(new double[] {0.1, 0.11, 0.2}, new long[] {500, 600, 990}, 1000);
        Cut cut = Cut.of(0.5, 0.1, Cut.Rounding.UP, 0.1, 0.3, new HistogramBucket(arm, arm));
        assertThat(cut.method()).isEqualTo(Cut.Method.EXCEEDANCE);
        assertThat(cut.baseline()).isEqualTo(0.1);
        assertThat(cut.canary()).isEqualTo(0.11);
        // for a pass rounding goes down: never a threshold beyond the margin
        Cut pass = Cut.of(0.5, 0.3, Cut.Rounding.DOWN, 0.1, 0.3, new HistogramBucket(arm, arm));
        assertThat(pass.canary()).isEqualTo(0.11);
        assertThat(Cut.of(0.5, 0.05, Cut.Rounding.UP, 0.05, 0.08, new HistogramBucket(arm, arm))
                        .method())
                .isEqualTo(Cut.Method.SLOWER_SHARE);
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> new RatioBucket(Double.NaN, 1, 1, 1))
                .hasMessageContaining("baselineEvents must be from 0 to 1e15, is NaN");
        assertThatThrownBy(() -> new RatioBucket(0, 1, -1, 1))
                .hasMessageContaining("canaryEvents must be from 0 to 1e15, is -1");
        assertThatThrownBy(() -> new RatioBucket(0, Double.POSITIVE_INFINITY, 0, 1))
                .hasMessageContaining("baselineExposure");
        assertThatThrownBy(() -> new ExceedanceBucket(0, 1, 3, 2)).hasMessageContaining("canary: 3 of 2");
        assertThatThrownBy(() -> new DispersionGuard(0.5, Exposure.TIME)).hasMessageContaining("floor 0.5");
        assertThatThrownBy(() -> new DifferenceSeries().add(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Allowance(-0.1, 0)).hasMessageContaining("-0.1");
        assertThatThrownBy(() -> new GaugeBucket(Double.NaN, 1.0))
                .hasMessageContaining("baseline must be from -1e100 to 1e100, is NaN");
    }

    private static double plain(RatioHypothesis hypothesis, List<RatioBucket> buckets, double phi) {
        var mixture = new PlainMixture();
        for (RatioBucket bucket : buckets) {
            mixture.add(hypothesis.increments(bucket), phi);
        }
        return mixture.logE();
    }

    private static List<RatioBucket> buckets(int number, Random random) {
        var buckets = new ArrayList<RatioBucket>();
        for (int i = 0; i < number; i++) {
            buckets.add(new RatioBucket(poisson(random, 90), 9000 + random.nextInt(900), poisson(random, 6), 500));
        }
        return buckets;
    }

    private static int poisson(Random random, double mean) {
        int count = 0;
        double product = random.nextDouble();
        double limit = Math.exp(-mean);
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
