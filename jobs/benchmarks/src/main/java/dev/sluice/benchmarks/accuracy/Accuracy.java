package dev.sluice.benchmarks.accuracy;

import dev.sluice.benchmarks.accuracy.Row.Table;
import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.PlainMixture;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.RatioHypothesis;
import dev.sluice.statistics.LogSums;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.jspecify.annotations.Nullable;

/**
 * Simulates ratios and latencies: 50 requests a second to the canary, 950 to the baseline, buckets of ten seconds, if nothing
 * else is said. All buckets count: warm-up and settling come before.
 */
final class Accuracy {
    private static final int HOUR = 360;
    private static final double CANARY = 50;
    private static final double BASELINE = 950;
    private static final double[] ALPHAS = {0.05, 0.01};
    private static final Allowance NONE = new Allowance(0, 0);
    private static final Allowance DEFAULT_TOLERANCE = new Allowance(0.1, 0.0001);
    /** The plan of a run of three hours. */
    private static final long PLANNED = 3 * HOUR;

    private final long seed;
    private final int repetitions;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Prepares the simulations.
     *
     * @param seed of all of them
     * @param repetitions of each
     */
    Accuracy(long seed, int repetitions) {
        this.seed = seed;
        this.repetitions = repetitions;
    }

    /** Runs all of them. */
    List<Row> run() {
        falseAlarmsOfRatios();
        falseAlarmsUnderARamp();
        falseAlarmsOfLatencies();
        manyMetrics();
        delaysOfRatios();
        delaysOfLatencies();
        lateOnsets();
        passes();
        falsePasses();
        return rows;
    }

    private interface Rates {
        RatioBucket bucket(Traffic traffic, int number);
    }

    private static Rates steady(double baseline, double canary) {
        return (traffic, number) -> traffic.errors(BASELINE, baseline, CANARY, canary);
    }

    private FirstAlarms[] ratios(int length, double[] levels, Rates rates, Supplier<Statistics.OfRatios> procedure) {
        return FirstAlarms.of(repetitions, length, levels, repetition -> {
            var traffic = new Traffic(new Well19937c(seed + repetition));
            Statistics.OfRatios of = procedure.get();
            var number = new int[1];
            return () -> of.add(rates.bucket(traffic, number[0]++));
        });
    }

    private static double[] levels(Function<Double, Double> level) {
        return new double[] {level.apply(ALPHAS[0]), level.apply(ALPHAS[1])};
    }

    private void falseAlarmsOfRatios() {
        double[] ofE = levels(Statistics::levelOfEvidence);
        for (double rate : new double[] {0.01, 0.001}) {
            String what = "errors " + 100 * rate + " %, ";
            FirstAlarms[] z = ratios(6 * HOUR, levels(Statistics::levelOfZ), steady(rate, rate), Statistics::zEachLook);
            share(Table.FALSE_ALARMS, what + "within 1 h", "z-test at each look, alpha 5 %", z[0].by(HOUR), null);
            share(Table.FALSE_ALARMS, what + "within 6 h", "z-test at each look, alpha 5 %", z[0].by(6 * HOUR), null);
            share(Table.FALSE_ALARMS, what + "within 6 h", "z-test at each look, alpha 1 %", z[1].by(6 * HOUR), null);
            FirstAlarms[] plain = ratios(
                    6 * HOUR, ofE, steady(rate, rate), () -> Statistics.plain(RatioHypothesis.failOfIncrease(NONE)));
            String setting = "ratio, plain, tolerance 0, no guard, alpha ";
            share(Table.FALSE_ALARMS, what + "within 1 h", setting + "5 %", plain[0].by(HOUR), 0.05);
            share(Table.FALSE_ALARMS, what + "within 6 h", setting + "5 %", plain[0].by(6 * HOUR), 0.05);
            share(Table.FALSE_ALARMS, what + "within 6 h", setting + "1 %", plain[1].by(6 * HOUR), 0.01);
        }
        for (Allowance tolerance : List.of(NONE, DEFAULT_TOLERANCE)) {
            FirstAlarms[] guarded = ratios(
                    3 * HOUR,
                    ofE,
                    steady(0.01, 0.01),
                    () -> Statistics.guarded(RatioHypothesis.failOfIncrease(tolerance), PLANNED));
            String setting = "ratio, onset and guard, tolerance "
                    + (tolerance.equals(NONE) ? "0" : "10 % + 0.01 pp (default)") + ", alpha ";
            share(Table.FALSE_ALARMS, "errors 1.0 %, within 3 h", setting + "5 %", guarded[0].by(3 * HOUR), 0.05);
            share(Table.FALSE_ALARMS, "errors 1.0 %, within 3 h", setting + "1 %", guarded[1].by(3 * HOUR), 0.01);
        }
    }

    /** Traffic goes from 5 to 25 to 50 % of the canary, an hour each, while errors of both rise from 0.5 to 1.5 %. */
    private void falseAlarmsUnderARamp() {
        Rates ramp = (traffic, number) -> {
            double share = number < HOUR ? 0.05 : number < 2 * HOUR ? 0.25 : 0.5;
            double drift = 0.005 + 0.01 * number / (3.0 * HOUR);
            boolean incident = number >= 200 && number < 230;
            double rate = incident ? 3 * drift : drift;
            return traffic.errors(1000 * (1 - share), rate, 1000 * share, rate);
        };
        String what = "canary 5 to 25 to 50 % while errors of both rise and have an incident, within 3 h";
        FirstAlarms[] z = ratios(3 * HOUR, levels(Statistics::levelOfZ), ramp, Statistics::zEachLook);
        share(Table.FALSE_ALARMS, what, "z-test at each look, alpha 5 %", z[0].by(3 * HOUR), null);
        FirstAlarms[] plain = ratios(
                3 * HOUR,
                levels(Statistics::levelOfEvidence),
                ramp,
                () -> Statistics.plain(RatioHypothesis.failOfIncrease(NONE)));
        share(Table.FALSE_ALARMS, what, "ratio, plain, tolerance 0, no guard, alpha 5 %", plain[0].by(3 * HOUR), 0.05);
    }

    /** Shares of a log-normal latency (sigma 0.8) beyond its quantiles, where the canary is so many times as slow. */
    private static double[][] shares(double times) {
        double[] quantiles = {0.5, 0.75, 0.9, 0.95, 0.99, 0.999};
        var normal = new NormalDistribution(null, 0, 1);
        var shares = new double[2][quantiles.length];
        for (int i = 0; i < quantiles.length; i++) {
            double z = normal.inverseCumulativeProbability(quantiles[i]);
            shares[0][i] = 1 - quantiles[i];
            shares[1][i] = 1 - normal.cumulativeProbability(z - Math.log(times) / 0.8);
        }
        return shares;
    }

    /** So many of the canary's requests are four times as slow. */
    private static double[][] tail(double part) {
        double[][] equal = shares(1);
        double[][] slow = shares(4);
        for (int i = 0; i < equal[1].length; i++) {
            equal[1][i] = (1 - part) * equal[1][i] + part * slow[1][i];
        }
        return equal;
    }

    private FirstAlarms[] latencies(int length, double[][] shares, boolean guarded, boolean disturbed) {
        return FirstAlarms.of(repetitions, length, levels(Statistics::levelOfEvidence), repetition -> {
            var traffic = new Traffic(new Well19937c(seed + repetition));
            Statistics.OfExceedances of = Statistics.exceedances(shares[0].length, guarded, PLANNED);
            var number = new int[1];
            return () -> {
                int t = number[0]++;
                double day = disturbed ? 1 + 0.4 * Math.sin(2 * Math.PI * t / (24.0 * HOUR)) : 1;
                double incident = disturbed && t >= 400 && t < 460 ? 3 : 1;
                return of.add(traffic.slow(
                        BASELINE * day, scaled(shares[0], incident), CANARY * day, scaled(shares[1], incident)));
            };
        });
    }

    private static double[] scaled(double[] shares, double times) {
        var scaled = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            scaled[i] = Math.min(1 - 1e-3 * (i + 1), times * shares[i]);
        }
        return scaled;
    }

    private void falseAlarmsOfLatencies() {
        double[][] equal = shares(1);
        FirstAlarms[] plain = latencies(3 * HOUR, equal, false, false);
        String setting = "exceedances of 6 thresholds, plain, tolerance 0, no guard, alpha ";
        share(Table.FALSE_ALARMS, "latency, within 3 h", setting + "5 %", plain[0].by(3 * HOUR), 0.05);
        share(Table.FALSE_ALARMS, "latency, within 3 h", setting + "1 %", plain[1].by(3 * HOUR), 0.01);
        FirstAlarms[] disturbed = latencies(3 * HOUR, equal, false, true);
        String what = "latency, traffic +-40 % over the day and a common incident of 10 min, within 3 h";
        share(Table.FALSE_ALARMS, what, setting + "5 %", disturbed[0].by(3 * HOUR), 0.05);
        FirstAlarms[] guarded = latencies(3 * HOUR, equal, true, false);
        share(
                Table.FALSE_ALARMS,
                "latency, within 3 h",
                "exceedances of 6 thresholds, onset and guard, tolerance 0, alpha 5 %",
                guarded[0].by(3 * HOUR),
                0.05);
    }

    /** Ten independent metrics of errors of 1 %. */
    private void manyMetrics() {
        int metrics = 10;
        FirstAlarms[] mean = together(metrics, logs -> LogSums.mean(logs));
        share(
                Table.FALSE_ALARMS,
                "ten metrics, within 3 h",
                "mean of the evidence, plain, tolerance 0, alpha 5 %",
                mean[0].by(3 * HOUR),
                0.05);
        FirstAlarms[] greatest = together(
                metrics,
                logs -> IntStream.range(0, metrics)
                        .mapToDouble(i -> logs[i])
                        .max()
                        .orElseThrow());
        share(
                Table.FALSE_ALARMS,
                "ten metrics, within 3 h",
                "each by itself, uncorrected, alpha 5 %",
                greatest[0].by(3 * HOUR),
                null);
    }

    private FirstAlarms[] together(int metrics, Function<double[], Double> combined) {
        return FirstAlarms.of(repetitions, 3 * HOUR, levels(Statistics::levelOfEvidence), repetition -> {
            var traffic = new Traffic(new Well19937c(seed + repetition));
            List<Statistics.OfRatios> each = IntStream.range(0, metrics)
                    .mapToObj(i -> Statistics.plain(RatioHypothesis.failOfIncrease(NONE)))
                    .toList();
            return () -> combined.apply(each.stream()
                    .mapToDouble(of -> of.add(traffic.errors(BASELINE, 0.01, CANARY, 0.01)))
                    .toArray());
        });
    }

    private void delaysOfRatios() {
        double[][] effects = {{0.001, 0.005}, {0.01, 0.015}, {0.01, 0.03}};
        for (double[] effect : effects) {
            String what = String.format("errors %.1f to %.1f %%", 100 * effect[0], 100 * effect[1]);
            Rates rates = steady(effect[0], effect[1]);
            double[] ofE = levels(Statistics::levelOfEvidence);
            FirstAlarms[] plain =
                    ratios(3 * HOUR, ofE, rates, () -> Statistics.plain(RatioHypothesis.failOfIncrease(NONE)));
            delay(what, "ratio, plain, tolerance 0, no guard, alpha 5 %", plain[0]);
            delay(what, "ratio, plain, tolerance 0, no guard, alpha 1 %", plain[1]);
            FirstAlarms[] guarded = ratios(
                    3 * HOUR, ofE, rates, () -> Statistics.guarded(RatioHypothesis.failOfIncrease(NONE), PLANNED));
            delay(what, "ratio, onset and guard, tolerance 0, alpha 1 %", guarded[1]);
            FirstAlarms[] shipped = ratios(
                    3 * HOUR,
                    ofE,
                    rates,
                    () -> Statistics.guarded(RatioHypothesis.failOfIncrease(DEFAULT_TOLERANCE), PLANNED));
            delay(what, "ratio, onset and guard, tolerance 10 % + 0.01 pp (default), alpha 1 %", shipped[1]);
        }
    }

    private void delaysOfLatencies() {
        latencyDelay("latency x1.05", shares(1.05));
        latencyDelay("latency x1.2", shares(1.2));
        latencyDelay("2.3 % of requests 4 times as slow", tail(0.023));
    }

    private void latencyDelay(String what, double[][] shares) {
        FirstAlarms[] plain = latencies(HOUR, shares, false, false);
        delay(what, "exceedances of 6 thresholds, plain, tolerance 0, no guard, alpha 1 %", plain[1]);
        FirstAlarms[] guarded = latencies(HOUR, shares, true, false);
        delay(what, "exceedances of 6 thresholds, onset and guard, tolerance 0, alpha 1 %", guarded[1]);
    }

    private void lateOnsets() {
        int healthy = 2 * HOUR;
        double[][] effects = {{0.01, 0.015}, {0.01, 0.03}, {0.001, 0.005}};
        for (double[] effect : effects) {
            String what = String.format("errors %.1f to %.1f %% after 2 h of health", 100 * effect[0], 100 * effect[1]);
            Rates rates = (traffic, number) ->
                    traffic.errors(BASELINE, effect[0], CANARY, number < healthy ? effect[0] : effect[1]);
            FirstAlarms[] plain = ratios(
                    6 * HOUR,
                    levels(Statistics::levelOfEvidence),
                    rates,
                    () -> Statistics.plain(RatioHypothesis.failOfIncrease(NONE)));
            delay(what, "ratio, plain, tolerance 0, no guard, alpha 1 %", plain[1].after(healthy));
            FirstAlarms[] guarded = ratios(
                    6 * HOUR,
                    levels(Statistics::levelOfEvidence),
                    rates,
                    () -> Statistics.guarded(RatioHypothesis.failOfIncrease(NONE), PLANNED));
            delay(what, "ratio, onset and guard, tolerance 0, alpha 1 %", guarded[1].after(healthy));
        }
    }

    private void passes() {
        passOf("errors 1.0 %", 0.01, new Allowance(0.5, 0), "margin +50 %");
        passOf("errors 1.0 %", 0.01, new Allowance(0.25, 0), "margin +25 %");
        passOf("errors 0.1 %", 0.001, new Allowance(0.5, 0), "margin +50 %");
        passOf("errors 0.1 %", 0.001, new Allowance(0, 0.001), "margin +0.1 pp");
        passOf("no errors", 0, new Allowance(0, 0.001), "margin +0.1 pp");
    }

    private void passOf(String what, double rate, Allowance margin, String setting) {
        FirstAlarms[] passes = ratios(
                6 * HOUR,
                levels(Statistics::levelOfEvidence),
                steady(rate, rate),
                () -> Statistics.plain(RatioHypothesis.passOfIncrease(margin)));
        rows.add(new Row(
                Table.PASSES,
                what,
                "ratio, no guard, " + setting + ", beta 5 %",
                passes[0].delays(Traffic.BUCKET_SECONDS / 60),
                seed,
                repetitions,
                null,
                null));
    }

    private void falsePasses() {
        Allowance margin = new Allowance(0.5, 0);
        for (double ratio : new double[] {1.5, 2}) {
            FirstAlarms[] passes = ratios(
                    3 * HOUR,
                    levels(Statistics::levelOfEvidence),
                    steady(0.01, 0.01 * ratio),
                    () -> Statistics.guarded(RatioHypothesis.passOfIncrease(margin), new PlainMixture(), 1));
            share(
                    Table.FALSE_PASSES,
                    "errors 1.0 % and " + ratio + " %, at any time within 3 h",
                    "ratio, guard, margin +50 %, beta 5 %",
                    passes[0].by(3 * HOUR),
                    0.05);
        }
    }

    private void share(Table table, String what, String setting, Share share, @Nullable Double bound) {
        rows.add(new Row(table, what, setting, share.toString(), seed, share.runs(), share, bound));
    }

    private void delay(String what, String setting, FirstAlarms alarms) {
        rows.add(new Row(
                Table.DELAYS,
                what,
                setting,
                alarms.delays(Traffic.BUCKET_SECONDS),
                seed,
                alarms.buckets().length,
                null,
                null));
    }
}
