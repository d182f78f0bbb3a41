package dev.sluice.statistics;

import static dev.sluice.vectors.Vectors.assertClose;
import static dev.sluice.vectors.Vectors.number;
import static dev.sluice.vectors.Vectors.numbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.vectors.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class StatisticsVectorsTest {
    @TestFactory
    Stream<DynamicTest> hypergeometricLogMgf() {
        return Vectors.tests("hypergeometric_log_mgf", vector -> {
            var slow = new Hypergeometric(
                    vector.get("nb").asLong(),
                    vector.get("nc").asLong(),
                    vector.get("m").asLong());
            double[] arguments = numbers(vector.get("u"));
            for (int i = 0; i < arguments.length; i++) {
                double exact = number(vector.get("exact").get(i));
                double bound = number(vector.get("bound").get(i));
                assertClose(slow.logMgf(arguments[i])[0], exact, 1e-8 * Math.max(1, Math.abs(exact)));
                assertClose(slow.logMgfBound(arguments[i]), bound, 1e-8 * Math.max(1, Math.abs(bound)));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> sequentialT() {
        return Vectors.tests("t_mixture", vector -> {
            double n = number(vector.get("n"));
            assertThat(number(vector.get("nu"))).isEqualTo(n - 1);
            double logG = SequentialT.logG(number(vector.get("t2")), n);
            assertClose(logG, vector.get("log_G"), 1e-10);
            assertClose(SequentialT.radius(n, 0.05), vector.get("radius_alpha05"), 1e-10);
            double twice = 2 * Math.exp(number(vector.get("log_G"))) - 1;
            double oneSided = SequentialT.oneSided(logG);
            assertClose(
                    oneSided,
                    twice > 0 ? Math.log(twice) : Double.NEGATIVE_INFINITY,
                    1e-10 * Math.max(1, Math.abs(oneSided)));
        });
    }

    @TestFactory
    Stream<DynamicTest> combination() {
        return Vectors.tests("combination", vector -> {
            double[] logs =
                    Arrays.stream(numbers(vector.get("e"))).map(Math::log).toArray();
            var weights = new double[logs.length];
            Arrays.fill(weights, 1);
            if (!vector.get("weights").isNull()) {
                weights = numbers(vector.get("weights"));
            }
            double mean = number(vector.get("global_log_e"));
            assertClose(EValues.mean(logs, weights), mean, 1e-10 * Math.max(1, mean));
            double[] adjusted = EValues.adjusted(logs, weights);
            for (int i = 0; i < logs.length; i++) {
                assertClose(Math.exp(adjusted[i]), vector.get("fwer_adjusted_e").get(i), 1e-10);
            }
            assertThat(EValues.discoveries(logs, 0.1)).isEqualTo(places(vector.get("ebh_alpha_0_1")));
            assertThat(EValues.discoveries(logs, 0.05)).isEqualTo(places(vector.get("ebh_alpha_0_05")));
        });
    }

    @TestFactory
    Stream<DynamicTest> quantileRanks() {
        return Vectors.tests("quantile_cs", vector -> {
            Interval ranks = boundary(vector).quantileRanks(number(vector.get("p")), number(vector.get("n")));
            assertClose(ranks.lower(), number(vector.get("lower_prob")), 1e-7);
            assertClose(ranks.upper(), number(vector.get("upper_prob")), 1e-7);
        });
    }

    @TestFactory
    Stream<DynamicTest> proportion() {
        return Vectors.tests("bernoulli_cs", vector -> {
            Interval shares = boundary(vector).proportion(number(vector.get("x")), number(vector.get("n")));
            assertClose(shares.lower(), number(vector.get("lower")), 1e-6);
            assertClose(shares.upper(), number(vector.get("upper")), 1e-6);
        });
    }

    @TestFactory
    Stream<DynamicTest> wilson() {
        return Vectors.tests("dora/wilson", vector -> {
            Interval rate = requireNonNull(ConfidenceIntervals.ofRate(
                    vector.get("k").asInt(), vector.get("n").asInt()));
            assertInterval(rate, vector);
        });
    }

    @TestFactory
    Stream<DynamicTest> medianRanks() {
        return Vectors.tests("dora/median_ranks", vector -> {
            int n = vector.get("n").asInt();
            int rank = ConfidenceIntervals.medianRank(n);
            if (vector.get("ranks").isNull()) {
                assertThat(rank).isZero();
                return;
            }
            assertThat(List.of(rank, n - rank + 1)).isEqualTo(places(vector.get("ranks")));
            double coverage = 1 - 2 * new BinomialDistribution(null, n, 0.5).cumulativeProbability(rank - 1);
            assertClose(coverage, vector.get("coverage"), 1e-8);
        });
    }

    @TestFactory
    Stream<DynamicTest> garwood() {
        return Vectors.tests("dora/garwood", vector -> {
            Interval frequency = ConfidenceIntervals.ofFrequency(vector.get("k").asInt(), number(vector.get("weeks")));
            assertInterval(frequency, vector);
        });
    }

    /** Sluice shows Wilson's interval; the vectors have Jeffreys' beside it, which is the beta distribution's. */
    @TestFactory
    Stream<DynamicTest> jeffreysIsNotWilson() {
        return Vectors.tests("dora/jeffreys", vector -> {
            int k = vector.get("k").asInt();
            int n = vector.get("n").asInt();
            var posterior = new BetaDistribution(null, k + 0.5, n - k + 0.5, 1e-13);
            double lower = k == 0 ? 0 : posterior.inverseCumulativeProbability(0.025);
            assertInterval(new Interval(lower, posterior.inverseCumulativeProbability(0.975)), vector);
            Interval wilson = requireNonNull(ConfidenceIntervals.ofRate(k, n));
            assertThat(wilson.upper()).isGreaterThan(number(vector.get("upper")));
        });
    }

    @TestFactory
    Stream<DynamicTest> frequencyRatio() {
        return Vectors.tests("dora/rate_ratio", vector -> {
            int k1 = vector.get("k1").asInt();
            int k2 = vector.get("k2").asInt();
            double scale = number(vector.get("t2")) / number(vector.get("t1"));
            double low = new BetaDistribution(null, k1, k2 + 1, 1e-13).inverseCumulativeProbability(0.025);
            double high = new BetaDistribution(null, k1 + 1, k2, 1e-13).inverseCumulativeProbability(0.975);
            assertInterval(new Interval(low / (1 - low) * scale, high / (1 - high) * scale), vector);
        });
    }

    private static BetaBinomialBoundary boundary(JsonNode vector) {
        return new BetaBinomialBoundary(number(vector.get("alpha")), number(vector.get("t_opt")));
    }

    private static void assertInterval(Interval actual, JsonNode vector) {
        assertClose(actual.lower(), vector.get("lower"), 1e-8);
        assertClose(actual.upper(), vector.get("upper"), 1e-8);
    }

    private static List<Integer> places(JsonNode array) {
        var places = new ArrayList<Integer>();
        array.forEach(node -> places.add(node.asInt()));
        return places;
    }
}
