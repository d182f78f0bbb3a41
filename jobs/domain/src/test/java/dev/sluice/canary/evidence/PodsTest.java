package dev.sluice.canary.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PodsTest {
    private final PodGuard order = new PodGuard();
    private final DispersionGuard guard = new DispersionGuard(1, Exposure.REQUESTS);

    @Test
    void burstsOfOnePodAreSeen() {
        for (int i = 0; i < 200; i++) {
            show(Map.of("a", new double[] {i % 10 == 0 ? 60 : 1, 1000}, "b", new double[] {1, 1000}));
        }
        assertThat(guard.phi()).isGreaterThan(5);
    }

    @Test
    void podsThatAreAlikeAreNotSeen() {
        for (int i = 0; i < 200; i++) {
            show(Map.of("a", new double[] {5 + i % 3, 1000}, "b", new double[] {5 + (i + 1) % 3, 1000}));
        }
        assertThat(guard.phi()).isEqualTo(1);
    }

    /** A pod that has nothing in a bucket is no other one; a new one makes what is half counted no use. */
    @Test
    void podsAreTheSameUntilANewOneComes() {
        assertThat(order.change(new TreeMap<>(Map.of("a", 1, "b", 1)))).isTrue();
        assertThat(order.change(new TreeMap<>(Map.of("b", 1)))).isFalse();
        assertThat(order.change(new TreeMap<>(Map.of("a", 1, "b", 1)))).isFalse();
        assertThat(order.change(new TreeMap<>(Map.of("a", 1, "c", 1)))).isTrue();
        assertThat(order.change(new TreeMap<>(Map.of("b", 1, "c", 1)))).isTrue();
    }

    private void show(Map<String, double[]> pods) {
        var buckets = new TreeMap<String, RatioBucket>();
        pods.forEach((pod, counts) -> buckets.put(pod, new RatioBucket(counts[0], counts[1], 0, 0)));
        order.show(guard, buckets, order.change(buckets));
    }

    /** Levels 1, e and e^2 have the standard deviation 1 of logarithms: exp(2 sqrt(1/2 + 1/3)) - 1. */
    @Test
    void theFloorOfLevels() {
        var spread = new PodSpread(false);
        spread.canaryHas(2);
        spread.add("a", 1, 1);
        assertThat(spread.floor()).isNull();
        spread.add("b", 2 * Math.E, 1);
        spread.add("b", 0, 1);
        spread.add("c", Math.E * Math.E, 1);
        assertThat(spread.floor()).isCloseTo(Math.exp(2 * Math.sqrt(5.0 / 6)) - 1, within(1e-12));
    }

    /** Counts that differ no more than Poisson's do say nothing of pods. */
    @Test
    void theFloorOfCounts_isWithoutChance() {
        var alike = new PodSpread(true);
        alike.canaryHas(1);
        alike.add("a", 95, 10_000);
        alike.add("b", 105, 10_000);
        assertThat(alike.floor()).isZero();
        var different = new PodSpread(true);
        different.canaryHas(1);
        different.add("a", 9_999.5, 999_999);
        different.add("b", 19_999.5, 999_999);
        // variance ln(2)^2 / 2 less (1e-4 + 5e-5) / 2
        double sigma = Math.sqrt(Math.log(2) * Math.log(2) / 2 - 7.5e-5);
        assertThat(different.floor()).isCloseTo(Math.exp(2 * sigma * Math.sqrt(1.5)) - 1, within(1e-9));
    }
}
