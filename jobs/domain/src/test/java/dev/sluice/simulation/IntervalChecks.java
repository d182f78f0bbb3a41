package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.statistics.Interval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks intervals by what defines them; it shares no formula with the stream. */
final class IntervalChecks {
    private static final double Z = 1.959963984540054;
    private static final double TAIL = 0.025;

    private IntervalChecks() {}

    /** At both ends of Wilson's interval the rate is 1.96 standard deviations from what was seen. */
    static void assertRate(String what, @Nullable Interval interval, int k, int n) {
        if (n < 5) {
            assertThat(interval).as(what).isNull();
            return;
        }
        Interval found = Objects.requireNonNull(interval, what);
        double seen = k / (double) n;
        assertThat(found.lower()).as(what).isBetween(0.0, seen);
        assertThat(found.upper()).as(what).isBetween(seen, 1.0);
        if (k > 0) {
            assertThat(seen - found.lower()).as(what).isCloseTo(deviation(found.lower(), n), within(1e-9));
        } else {
            assertThat(found.lower()).as(what).isZero();
        }
        if (k < n) {
            assertThat(found.upper() - seen).as(what).isCloseTo(deviation(found.upper(), n), within(1e-9));
        } else {
            assertThat(found.upper()).as(what).isEqualTo(1);
        }
    }

    private static double deviation(double rate, int n) {
        return Z * Math.sqrt(rate * (1 - rate) / n);
    }

    /** At the ends of Garwood's interval what was seen, or more (or less), has a probability of 2.5 %. */
    static void assertFrequency(String what, @Nullable Interval interval, int k, double days) {
        Interval found = Objects.requireNonNull(interval, what);
        if (k == 0) {
            assertThat(found.lower()).as(what).isZero();
            return;
        }
        assertThat(1 - atMost(k - 1, found.lower() * days)).as(what).isCloseTo(TAIL, within(1e-9));
        assertThat(atMost(k, found.upper() * days)).as(what).isCloseTo(TAIL, within(1e-9));
    }

    private static double atMost(int k, double mean) {
        double term = Math.exp(-mean);
        double sum = term;
        for (int i = 1; i <= k; i++) {
            term *= mean / i;
            sum += term;
        }
        return sum;
    }

    /** The ends are the r-th value from below and from above, r the greatest with P(fewer than r of n coins) <= 2.5 %. */
    static void assertMedian(String what, @Nullable Interval interval, List<Long> sorted) {
        int n = sorted.size();
        int rank = 0;
        BigInteger below = BigInteger.ZERO;
        BigInteger ways = BigInteger.ONE;
        var all = new BigDecimal(BigInteger.TWO.pow(n));
        while (rank < n) {
            below = below.add(ways);
            if (new BigDecimal(below).divide(all, MathContext.DECIMAL64).doubleValue() > TAIL) {
                break;
            }
            rank++;
            ways = ways.multiply(BigInteger.valueOf(n - rank + 1L)).divide(BigInteger.valueOf(rank));
        }
        if (rank == 0) {
            assertThat(interval).as(what).isNull();
        } else {
            assertThat(interval).as(what).isEqualTo(new Interval(sorted.get(rank - 1), sorted.get(n - rank)));
        }
    }
}
