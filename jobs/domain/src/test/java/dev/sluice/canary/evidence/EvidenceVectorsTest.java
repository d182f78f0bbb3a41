package dev.sluice.canary.evidence;

import static dev.sluice.vectors.Vectors.assertClose;
import static dev.sluice.vectors.Vectors.number;
import static dev.sluice.vectors.Vectors.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.statistics.Interval;
import dev.sluice.vectors.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class EvidenceVectorsTest {
    @TestFactory
    Stream<DynamicTest> ratioTest() {
        return Vectors.tests("engineA", vector -> {
            var test = new RatioHypothesis(side(vector), Math.log1p(number(vector.get("rel"))), absolute(vector));
            var plain = new PlainMixture();
            var path = new ArrayList<Double>();
            for (RatioBucket bucket : ratios(vector)) {
                if (bucket.isTwoArmed()) {
                    plain.add(test.increments(bucket), 1);
                }
                path.add(plain.logE());
            }
            assertPath(path, vector, vector.get("log_e"), 1e-9);
            double greatest =
                    path.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            assertClose(Math.min(1, Math.exp(-greatest)), vector.get("p_anytime"), 1e-8);
        });
    }

    @TestFactory
    Stream<DynamicTest> onsetMixture() {
        return Vectors.tests("engineA", vector -> vector.has("onset"), vector -> {
            JsonNode onset = vector.get("onset");
            var test = new RatioHypothesis(side(vector), Math.log1p(number(vector.get("rel"))), absolute(vector));
            var mixture = new OnsetMixture(onset.get("T").asLong());
            var path = new ArrayList<Double>();
            for (RatioBucket bucket : ratios(vector)) {
                mixture.add(test.increments(bucket), 1);
                path.add(mixture.logE());
            }
            assertThat(onset.get("log_e")).hasSize(path.size());
            for (int i = 0; i < path.size(); i++) {
                assertClose(path.get(i), onset.get("log_e").get(i), 1e-9);
            }
            assertDecision(path, number(vector.get("alpha")), onset.get("decision_bucket"));
        });
    }

    @TestFactory
    Stream<DynamicTest> ratioSequence() {
        return Vectors.tests("engineA", vector -> {
            var sequence = new RatioSequence();
            ratios(vector).stream().filter(RatioBucket::isTwoArmed).forEach(sequence::add);
            JsonNode expected = vector.get("ratio_cs");
            Interval interval = sequence.interval(number(expected.get("alpha")), 1);
            assertClose(interval.lower(), expected.get("lower"), 1e-9);
            assertClose(interval.upper(), expected.get("upper"), 1e-9);
            assertClose(sequence.likeliest(), expected.get("argmax_node"), 1e-9);
        });
    }

    @TestFactory
    Stream<DynamicTest> exceedanceTest() {
        return Vectors.tests("engineB", vector -> {
            var exact = new ArrayList<Double>();
            var bound = new ArrayList<Double>();
            var ofExact = new PlainMixture();
            var ofBound = new PlainMixture();
            for (JsonNode bucket : vector.get("buckets")) {
                var counts = new ExceedanceBucket(
                        bucket.get(2).asLong(),
                        bucket.get(3).asLong(),
                        bucket.get(0).asLong(),
                        bucket.get(1).asLong());
                ofExact.add(new ExceedanceHypothesis(side(vector)).increments(counts), 1);
                ofBound.add(new ExceedanceHypothesis(side(vector), 0).increments(counts), 1);
                exact.add(ofExact.logE());
                bound.add(ofBound.logE());
            }
            assertPath(exact, vector, vector.get("log_e_exact"), 1e-8);
            for (int i = 0; i < bound.size(); i++) {
                assertClose(bound.get(i), vector.get("log_e_bound").get(i), 1e-8);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> gauge() {
        return Vectors.tests("engineC", vector -> {
            GaugeHistory history = history(vector);
            double bound = number(vector.get("mu0"));
            var series = new DifferenceSeries();
            var path = new ArrayList<Double>();
            for (double difference : numbers(vector.get("differences"))) {
                series.add(difference);
                path.add(series.summary(history).logE(side(vector), bound));
            }
            DifferenceSummary summary = series.summary(history);
            assertClose(summary.effective(), vector.get("n_eff"), 1e-8);
            assertClose(summary.mean(), vector.get("mean"), 1e-8);
            assertClose(summary.variance(), vector.get("s2"), 1e-8);
            assertClose(summary.autocorrelation(), vector.get("phi_upper"), 1e-8);
            assertClose(path.get(path.size() - 1), vector.get("final_log_e"), 1e-8);
            assertDecision(path, number(vector.get("alpha")), vector.get("decision_point"));
            Interval interval = summary.interval(0.05);
            assertClose(interval.lower(), vector.get("cs95").get(0), 1e-8);
            assertClose(interval.upper(), vector.get("cs95").get(1), 1e-8);
        });
    }

    @TestFactory
    Stream<DynamicTest> dispersionGuard() {
        return Vectors.tests("dispersion", vector -> {
            assertThat(vector.get("K0").asInt()).isEqualTo(20);
            var guard = new DispersionGuard(number(vector.get("phi0")), Exposure.REQUESTS);
            List<RatioBucket> buckets = ratios(vector);
            for (int i = 0; i < buckets.size(); i++) {
                assertClose(guard.phi(), vector.get("phi_before_each_bucket").get(i), 1e-9);
                guard.add(buckets.get(i));
                if (!vector.get("pods").isNull()) {
                    JsonNode pods = vector.get("pods").get(i);
                    var events = new double[pods.size()];
                    var exposures = new double[pods.size()];
                    for (int pod = 0; pod < pods.size(); pod++) {
                        events[pod] = number(pods.get(pod).get(0));
                        exposures[pod] = number(pods.get(pod).get(1));
                    }
                    guard.addPods(events, exposures);
                }
                assertClose(guard.ratio(), vector.get("rho_mh_after_each").get(i), 1e-9);
            }
            assertClose(guard.phi(), vector.get("phi_after"), 1e-9);
        });
    }

    /** The vectors' tests are of one metric, plain: without the onset's share of the prior. */
    @TestFactory
    Stream<DynamicTest> timeToDecision() {
        return Vectors.tests("eta", vector -> {
            double baseline = number(vector.get("pb"));
            double canary = baseline * number(vector.get("rho"));
            var perSecond = new RatioBucket(
                    number(vector.get("rb")) * baseline,
                    number(vector.get("rb")),
                    number(vector.get("rc")) * canary,
                    number(vector.get("rc")));
            double u0 = number(vector.get("u0"));
            Side side = canary > baseline * Math.exp(u0) ? Side.MORE : Side.LESS;
            var test = new RatioHypothesis(side, u0, number(vector.get("d")));
            double needed = -Math.log(number(vector.get("alpha")));
            double seconds = TimeToDecision.ofRatio(test, needed, number(vector.get("log_e_now")), 1, perSecond);
            assertClose(seconds, vector.get("eta_s"), 0.005);
        });
    }

    private static Side side(JsonNode vector) {
        return vector.get("side").asInt() > 0 ? Side.MORE : Side.LESS;
    }

    private static double absolute(JsonNode vector) {
        return number(vector.get("abs"));
    }

    private static List<RatioBucket> ratios(JsonNode vector) {
        var buckets = new ArrayList<RatioBucket>();
        for (JsonNode bucket : vector.get("buckets")) {
            double[] counts = numbers(bucket);
            buckets.add(new RatioBucket(counts[2], counts[3], counts[0], counts[1]));
        }
        return buckets;
    }

    private static @Nullable GaugeHistory history(JsonNode vector) {
        return vector.get("kappa").isNull()
                ? null
                : new GaugeHistory(number(vector.get("kappa")), number(vector.get("var_hist")));
    }

    private static void assertPath(List<Double> path, JsonNode vector, JsonNode expected, double relative) {
        assertThat(expected).hasSize(path.size());
        for (int i = 0; i < path.size(); i++) {
            assertClose(path.get(i), number(expected.get(i)), relative * Math.max(1e-6, Math.abs(path.get(i))));
        }
        assertDecision(path, number(vector.get("alpha")), vector.get("decision_bucket"));
    }

    private static void assertDecision(List<Double> path, double alpha, JsonNode expected) {
        int decision = 0;
        while (decision < path.size() && path.get(decision) < -Math.log(alpha)) {
            decision++;
        }
        if (expected.isNull()) {
            assertThat(decision).isEqualTo(path.size());
        } else {
            assertThat(decision + 1).isEqualTo(expected.asInt());
        }
    }
}
