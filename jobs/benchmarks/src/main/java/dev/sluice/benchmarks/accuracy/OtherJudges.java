package dev.sluice.benchmarks.accuracy;

import dev.sluice.benchmarks.accuracy.Row.Table;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.kayenta.Direction;
import dev.sluice.kayenta.EffectSize;
import dev.sluice.kayenta.JudgeConfig;
import dev.sluice.kayenta.MetricConfig;
import dev.sluice.kayenta.MetricLabel;
import dev.sluice.kayenta.MetricPair;
import dev.sluice.kayenta.NanStrategy;
import dev.sluice.kayenta.NetflixAcaJudge;
import dev.sluice.kayenta.Outliers;
import dev.sluice.kayenta.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * What is used instead: Kayenta's judge (as {@code dev.sluice.kayenta} has it) each minute from the tenth on over all points so
 * far, and a fixed threshold as in Flagger's metrics. A minute is a point; 50 requests a second to the canary, 950 to the
 * baseline.
 */
final class OtherJudges {
    private static final int FIRST_LOOK = 10;
    private static final int HOUR = 60;
    private static final int TWO_HOURS = 120;
    private static final int BUCKETS_A_MINUTE = 6;
    private static final double BASELINE = 950;
    private static final double CANARY = 50;
    private static final double SPREAD = 0.05;
    private static final double LEVEL = 100;
    private static final double LEAST_SUCCESS = 0.99;
    private static final int FAILED_CHECKS = 5;
    private static final String METRIC = "metric";
    private static final String KAYENTA = "Kayenta's judge each minute, High";
    private static final String FLAGGER = "five checks of a minute below 99 % (as Flagger's thresholds)";

    private static final JudgeConfig CONFIG = new JudgeConfig(
            List.of(new MetricConfig(
                    METRIC,
                    List.of(METRIC),
                    Direction.INCREASE,
                    NanStrategy.REMOVE,
                    Outliers.KEPT,
                    EffectSize.of(EffectSize.Measure.MEAN_RATIO),
                    Set.of())),
            Map.of(METRIC, 100.0));

    private final long seed;
    private final int repetitions;
    private final List<Row> rows = new ArrayList<>();

    OtherJudges(long seed, int repetitions) {
        this.seed = seed;
        this.repetitions = repetitions;
    }

    List<Row> run() {
        falseAlarms("errors 1.0 %", random -> errors(random, 0.01, 0.01));
        for (double phi : new double[] {0, 0.7, 0.9}) {
            falseAlarms("gauges, AR(1) " + phi, random -> gauges(random, phi));
        }
        delay("errors 1.0 to 3.0 %", 0.01, 0.03);
        delay("errors 1.0 to 1.5 %", 0.01, 0.015);
        delay("errors 0.1 to 0.5 %", 0.001, 0.005);
        for (double rate : new double[] {0.001, 0.01}) {
            Share share = thresholds(rate).by(HOUR);
            rows.add(new Row(
                    Table.OTHERS,
                    "errors " + 100 * rate + " % of both, within 1 h",
                    FLAGGER,
                    share.toString(),
                    seed,
                    repetitions,
                    share,
                    null));
        }
        return rows;
    }

    /** A point of each arm. */
    private record Pair(double baseline, double canary) {}

    /** Makes the next pair of points. */
    private interface Pairs {
        Pair next();
    }

    private static Pairs errors(RandomGenerator random, double baselineRate, double canaryRate) {
        var traffic = new Traffic(random);
        return () -> {
            RatioBucket minute = minute(traffic, baselineRate, canaryRate);
            return new Pair(
                    minute.baselineEvents() / minute.baselineExposure(),
                    minute.canaryEvents() / minute.canaryExposure());
        };
    }

    private static RatioBucket minute(Traffic traffic, double baselineRate, double canaryRate) {
        var sums = new double[4];
        for (int i = 0; i < BUCKETS_A_MINUTE; i++) {
            RatioBucket bucket = traffic.errors(BASELINE, baselineRate, CANARY, canaryRate);
            sums[0] += bucket.baselineEvents();
            sums[1] += bucket.baselineExposure();
            sums[2] += bucket.canaryEvents();
            sums[3] += bucket.canaryExposure();
        }
        return new RatioBucket(sums[0], sums[1], sums[2], sums[3]);
    }

    private static Pairs gauges(RandomGenerator random, double phi) {
        DoubleSupplier baseline = autoregressive(random, phi);
        DoubleSupplier canary = autoregressive(random, phi);
        return () -> new Pair(LEVEL * (1 + baseline.getAsDouble()), LEVEL * (1 + canary.getAsDouble()));
    }

    private static DoubleSupplier autoregressive(RandomGenerator random, double phi) {
        double innovation = SPREAD * Math.sqrt(1 - phi * phi);
        double[] last = {SPREAD * random.nextGaussian()};
        return () -> last[0] = phi * last[0] + innovation * random.nextGaussian();
    }

    private void falseAlarms(String what, Function<RandomGenerator, Pairs> series) {
        FirstAlarms alarms = kayenta(series);
        for (int minutes : new int[] {HOUR, TWO_HOURS}) {
            Share share = alarms.by(minutes);
            rows.add(new Row(
                    Table.OTHERS,
                    what + ", within " + minutes / HOUR + " h",
                    KAYENTA,
                    share.toString(),
                    seed,
                    repetitions,
                    share,
                    null));
        }
    }

    private void delay(String what, double baselineRate, double canaryRate) {
        FirstAlarms alarms = kayenta(random -> errors(random, baselineRate, canaryRate));
        rows.add(new Row(Table.DELAYS, what, KAYENTA, alarms.delays(60), seed, repetitions, null, null));
    }

    private FirstAlarms kayenta(Function<RandomGenerator, Pairs> series) {
        return FirstAlarms.of(repetitions, TWO_HOURS, new double[] {1}, repetition -> {
            Pairs pairs = series.apply(new Well19937c(seed + repetition));
            var noise = new Random(seed + repetition);
            List<Double> baseline = new ArrayList<>();
            List<Double> canary = new ArrayList<>();
            return () -> {
                Pair pair = pairs.next();
                baseline.add(pair.baseline());
                canary.add(pair.canary());
                return baseline.size() >= FIRST_LOOK && isHigh(baseline, canary, noise) ? 1 : 0;
            };
        })[0];
    }

    private static boolean isHigh(List<Double> baseline, List<Double> canary, Random noise) {
        return NetflixAcaJudge.judge(
                                CONFIG,
                                new Thresholds(95, 75),
                                List.of(new MetricPair(METRIC, List.copyOf(baseline), List.copyOf(canary))),
                                noise)
                        .metrics()
                        .get(0)
                        .finding()
                        .label()
                == MetricLabel.HIGH;
    }

    private FirstAlarms thresholds(double rate) {
        return FirstAlarms.of(repetitions, HOUR, new double[] {FAILED_CHECKS}, repetition -> {
            var traffic = new Traffic(new Well19937c(seed + repetition));
            var failed = new int[1];
            return () -> {
                RatioBucket minute = minute(traffic, rate, rate);
                failed[0] += 1 - minute.canaryEvents() / minute.canaryExposure() < LEAST_SUCCESS ? 1 : 0;
                return failed[0];
            };
        })[0];
    }
}
