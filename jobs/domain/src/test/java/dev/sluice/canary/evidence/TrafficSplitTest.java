package dev.sluice.canary.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficSplitTest {
    private static final long SEED = 20261129;

    /** Over all that can happen in two buckets, with any share within the range in each, the expectation is at most 1. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.2, 0.5, 0.9, 0.95})
    void theExpectationIsAtMostOne(double planned) {
        double least = planned / (1 + TrafficSplit.TOLERANCE);
        double greatest = Math.min(1, planned * (1 + TrafficSplit.TOLERANCE));
        for (double first : new double[] {least, planned, greatest}) {
            for (double second : new double[] {least, planned, greatest}) {
                assertThat(expectation(planned, first, second)).isLessThanOrEqualTo(1 + 1e-12);
            }
        }
        if (planned > 0.1 && planned < 0.6) {
            assertThat(expectation(planned, 1.5 * planned, 1.5 * planned)).isGreaterThan(1);
            assertThat(expectation(planned, planned / 2, planned / 2)).isGreaterThan(1);
        }
    }

    private static double expectation(double planned, double first, double second) {
        var ofFirst = new BinomialDistribution(null, 20, first);
        var ofSecond = new BinomialDistribution(null, 30, second);
        double expectation = 0;
        for (int one = 0; one <= 20; one++) {
            for (int two = 0; two <= 30; two++) {
                var split = new TrafficSplit(planned);
                split.add(20 - one, one);
                split.add(30 - two, two);
                expectation +=
                        ofFirst.probability(one) * ofSecond.probability(two) * Math.exp(split.logEOfExactTimes());
            }
        }
        return expectation;
    }

    @ParameterizedTest
    @CsvSource({"0.05, 0.08", "0.05, 0.03", "0.5, 0.6", "0.5, 0.4"})
    void noticesAnotherShare(double planned, double actual) {
        var random = new Random(SEED);
        var split = new TrafficSplit(planned);
        int buckets = 0;
        while (!split.isMismatch() && buckets < 200) {
            int canary = 0;
            for (int i = 0; i < 500; i++) {
                canary += random.nextDouble() < actual ? 1 : 0;
            }
            split.add(500 - canary, canary);
            buckets++;
        }
        assertThat(buckets).as("seed %d", SEED).isBetween(2, 100);
        assertThat(split.actual()).isNotCloseTo(planned, within(0.1 * planned));
        assertThat(split.planned()).isEqualTo(planned);
    }

    /** Arms are read every third bucket, each at its own time: what one has and the other not yet is no mismatch. */
    @ParameterizedTest
    @CsvSource({"0.05, 0.05, false", "0.5, 0.5, false", "0.05, 0.03, true", "0.5, 0.6, true"})
    void whoIsReadSeldomIsNoMismatch(double planned, double actual, boolean expected) {
        var random = new Random(SEED);
        var split = new TrafficSplit(planned);
        int baseline = 0;
        int canary = 0;
        boolean isMismatch = false;
        for (int bucket = 0; bucket < 300; bucket++) {
            for (int i = 0; i < 500; i++) {
                if (random.nextDouble() < actual) {
                    canary++;
                } else {
                    baseline++;
                }
            }
            boolean readsBaseline = bucket % 3 == 0;
            boolean readsCanary = bucket % 3 == 2;
            split.add(readsBaseline ? baseline : 0, readsCanary ? canary : 0);
            baseline = readsBaseline ? 0 : baseline;
            canary = readsCanary ? 0 : canary;
            isMismatch |= split.isMismatch();
        }
        assertThat(isMismatch).as("seed %d", SEED).isEqualTo(expected);
    }

    @Test
    void goesOnWhereItWasSaved() throws IOException {
        var split = new TrafficSplit(0.1);
        split.add(812, 103);
        var bytes = new ByteArrayOutputStream();
        split.save(new DataOutputStream(bytes));
        var loaded = new TrafficSplit(0.1);
        loaded.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        split.add(700, 200);
        loaded.add(700, 200);
        assertThat(loaded.logE()).isEqualTo(split.logE());
        assertThat(loaded.actual()).isEqualTo(303.0 / 1815);
    }

    @Test
    void aShareIsBetweenNothingAndAll() {
        for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> new TrafficSplit(share)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
