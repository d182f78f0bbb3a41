package dev.sluice.benchmarks.accuracy;

import dev.sluice.benchmarks.accuracy.Row.Table;
import dev.sluice.canary.evidence.DifferenceSeries;
import dev.sluice.canary.evidence.GaugeHistory;
import dev.sluice.canary.evidence.Side;
import dev.sluice.statistics.SequentialT;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.jspecify.annotations.Nullable;

/** Simulates differences of gauges of one version, one a minute, which depend on their past in several ways. */
final class GaugeAccuracy {
    private static final int LENGTH = 720;
    private static final int HISTORY = 1440;
    private static final double ALPHA = 0.05;
    private static final double SPREAD = 0.05;

    private final long seed;
    private final int repetitions;

    GaugeAccuracy(long seed, int repetitions) {
        this.seed = seed;
        this.repetitions = repetitions;
    }

    List<Row> run() {
        var rows = new ArrayList<Row>();
        for (double phi : new double[] {0, 0.5, 0.7, 0.9, 0.97}) {
            add(rows, "AR(1) " + phi, random -> autoregressive(random, phi));
        }
        add(rows, "AR(1) 0.995 and noise of the same size (slow)", GaugeAccuracy::slow);
        add(rows, "saw-tooth of 45 to 75 min and noise", GaugeAccuracy::sawTooth);
        add(rows, "random walk", GaugeAccuracy::randomWalk);
        return rows;
    }

    private void add(List<Row> rows, String what, Function<RandomGenerator, DoubleSupplier> series) {
        double level = Statistics.levelOfEvidence(ALPHA);
        row(rows, what, "t-test at each look, alpha 5 %", null, tEachLook(series));
        row(rows, what, "sequential t, unguarded, alpha 5 %", null, of(series, level, GaugeAccuracy::unguarded));
        row(rows, what, "sequential t, guard of the run (advisory), alpha 5 %", null, guarded(series, level, false));
        row(rows, what, "sequential t, guard of a history of a day, alpha 5 %", null, guarded(series, level, true));
    }

    private void row(List<Row> rows, String what, String setting, @Nullable Double bound, FirstAlarms alarms) {
        Share share = alarms.by(LENGTH);
        rows.add(new Row(Table.GAUGES, what, setting, share.toString(), seed, repetitions, share, bound));
    }

    private FirstAlarms guarded(Function<RandomGenerator, DoubleSupplier> of, double level, boolean withHistory) {
        return FirstAlarms.of(repetitions, LENGTH, new double[] {level}, repetition -> {
            DoubleSupplier series = of.apply(new Well19937c(seed + repetition));
            GaugeHistory history = withHistory ? history(series) : null;
            var differences = new DifferenceSeries();
            return () -> {
                differences.add(series.getAsDouble());
                return differences.summary(history).logE(Side.MORE, 0);
            };
        })[0];
    }

    private static @Nullable GaugeHistory history(DoubleSupplier series) {
        var values = new double[HISTORY];
        for (int i = 0; i < HISTORY; i++) {
            values[i] = series.getAsDouble();
        }
        return GaugeHistory.of(values).orElse(null);
    }

    /** A statistic of n, mean and variance. */
    private interface OfMoments {
        double value(double n, double mean, double variance);
    }

    private static double unguarded(double n, double mean, double variance) {
        return n < 8 || mean <= 0
                ? Double.NEGATIVE_INFINITY
                : SequentialT.oneSided(SequentialT.logG(n * mean * mean / variance, n));
    }

    private FirstAlarms tEachLook(Function<RandomGenerator, DoubleSupplier> of) {
        var quantiles = new double[LENGTH + 1];
        for (int n = 8; n <= LENGTH; n++) {
            quantiles[n] = new TDistribution(null, n - 1.0).inverseCumulativeProbability(1 - ALPHA);
        }
        return of(
                of,
                0,
                (n, mean, variance) ->
                        n < 8 ? Double.NEGATIVE_INFINITY : mean * Math.sqrt(n / variance) - quantiles[(int) n]);
    }

    private FirstAlarms of(Function<RandomGenerator, DoubleSupplier> of, double level, OfMoments statistic) {
        return FirstAlarms.of(repetitions, LENGTH, new double[] {level}, repetition -> {
            DoubleSupplier series = of.apply(new Well19937c(seed + repetition));
            var sums = new double[3];
            return () -> {
                double value = series.getAsDouble();
                sums[0]++;
                sums[1] += value;
                sums[2] += value * value;
                double mean = sums[1] / sums[0];
                return statistic.value(sums[0], mean, (sums[2] - sums[0] * mean * mean) / (sums[0] - 1));
            };
        })[0];
    }

    private static DoubleSupplier autoregressive(RandomGenerator random, double phi) {
        double innovation = SPREAD * Math.sqrt(1 - phi * phi);
        double[] last = {SPREAD * random.nextGaussian()};
        return () -> last[0] = phi * last[0] + innovation * random.nextGaussian();
    }

    private static DoubleSupplier slow(RandomGenerator random) {
        DoubleSupplier swing = autoregressive(random, 0.995);
        return () -> swing.getAsDouble() + SPREAD * random.nextGaussian();
    }

    /** Memory that rises until it is collected; each arm at its own time. */
    private static DoubleSupplier sawTooth(RandomGenerator random) {
        DoubleSupplier one = tooth(random);
        DoubleSupplier other = tooth(random);
        return () -> one.getAsDouble() - other.getAsDouble() + SPREAD / 5 * random.nextGaussian();
    }

    private static DoubleSupplier tooth(RandomGenerator random) {
        double[] state = {random.nextDouble(), 60};
        return () -> {
            state[0] += 1 / state[1];
            if (state[0] >= 1) {
                state[0] = 0;
                state[1] = 45 + random.nextInt(31);
            }
            return 4 * SPREAD * state[0];
        };
    }

    private static DoubleSupplier randomWalk(RandomGenerator random) {
        double[] last = {0};
        return () -> last[0] += SPREAD * random.nextGaussian();
    }
}
