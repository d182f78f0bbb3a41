package dev.sluice.canary;

import dev.sluice.canary.evidence.Cut;
import dev.sluice.canary.evidence.Cut.Method;
import dev.sluice.canary.evidence.Cut.Rounding;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.LatencyRatio;
import dev.sluice.canary.evidence.OnsetMixture;
import dev.sluice.canary.evidence.PlainMixture;
import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of a {@link MetricConfig.Latency}. Its thresholds are chosen from the history, else when the warm-up ends, and
 * stay: for a failure the mean over the quantiles counts, for a pass each one.
 */
final class LatencyEvidence extends MetricEvidence<HistogramBucket> {
    private static final String NOTHING_IN_COMMON = "the histograms of the arms have no bound in common";

    /** Below it the counts vary as those of independent requests do. */
    private static final double LEAST_SHOWN = 1.01;

    private final MetricConfig.Latency metric;
    private final List<HistogramBucket> warmUp = new ArrayList<>();
    private final List<CutEvidence> fail = new ArrayList<>();
    private final List<CutEvidence> pass = new ArrayList<>();
    private final LatencyRatio ratio = new LatencyRatio();
    private @Nullable String hindrance;
    private boolean calibrated;
    private double requestsOfBaseline;
    private double requestsOfCanary;
    private double stageBaseline;
    private double stageCanary;
    private long uncut;

    LatencyEvidence(CanaryConfig run, MetricConfig.Latency metric) {
        super(run, HistogramBucket.class);
        this.metric = metric;
    }

    @Override
    void learn(List<HistogramBucket> history) {
        if (run().bucket().multipliedBy(history.size()).compareTo(RatioEvidence.LEAST_HISTORY) < 0) {
            return;
        }
        chooseCuts(history, Map.of());
        var floors = new HashMap<Cut, Double>();
        for (CutEvidence evidence : fail) {
            floors.merge(evidence.cut(), evidence.floorForLater(), Math::max);
        }
        for (CutEvidence evidence : pass) {
            floors.merge(evidence.cut(), evidence.floorForLater(), Math::max);
        }
        chooseCuts(history, floors);
        calibrated = true;
    }

    @Override
    void warmUp(HistogramBucket bucket, boolean isLast) {
        warmUp.add(bucket);
        if (calibrated) {
            fail.forEach(evidence -> evidence.warmUp(bucket));
            pass.forEach(evidence -> evidence.warmUp(bucket));
        } else if (isLast) {
            chooseCuts(warmUp, Map.of());
        }
    }

    /** Chooses the thresholds from buckets that do not count, and shows those to the guards. */
    private void chooseCuts(List<HistogramBucket> buckets, Map<Cut, Double> floors) {
        HistogramBucket together = new HistogramBucket(Histogram.empty(), Histogram.empty());
        for (HistogramBucket bucket : buckets) {
            together = together.plus(bucket);
        }
        fail.clear();
        pass.clear();
        hindrance = null;
        if (!together.baseline().isOfValues()
                && together.baseline().plus(together.canary()).bounds().length == 0) {
            hindrance = NOTHING_IN_COMMON;
            return;
        }
        double tolerance = metric.tolerance().relative();
        double margin = metric.margin().relative();
        for (double quantile : metric.failQuantiles()) {
            Cut cut = Cut.of(quantile, tolerance, Rounding.UP, tolerance, margin, together);
            if (fail.stream().noneMatch(other -> isSamePlace(other.cut(), cut))) {
                fail.add(CutEvidence.ofFailure(
                        cut,
                        metric.shareTolerance(),
                        new OnsetMixture(run().plannedBuckets()),
                        floors.getOrDefault(cut, 1.0)));
            }
        }
        for (double quantile : metric.passQuantiles()) {
            Cut cut = Cut.of(quantile, margin, Rounding.DOWN, tolerance, margin, together);
            if (pass.stream().noneMatch(other -> isSamePlace(other.cut(), cut))) {
                pass.add(CutEvidence.ofPass(
                        cut, metric.shareMargin(), new PlainMixture(), floors.getOrDefault(cut, 1.0)));
            }
        }
        for (HistogramBucket bucket : buckets) {
            fail.forEach(evidence -> evidence.warmUp(bucket));
            pass.forEach(evidence -> evidence.warmUp(bucket));
        }
    }

    /** Two quantiles may fall on one bound. */
    private static boolean isSamePlace(Cut one, Cut other) {
        return one.baseline() == other.baseline() && one.canary() == other.canary();
    }

    @Override
    void count(HistogramBucket bucket) {
        boolean cut = true;
        for (CutEvidence evidence : fail) {
            cut &= evidence.count(bucket);
        }
        for (CutEvidence evidence : pass) {
            cut &= evidence.count(bucket);
        }
        if (!cut) {
            uncut++;
        }
        ratio.add(bucket);
        requestsOfBaseline += bucket.baseline().total();
        requestsOfCanary += bucket.canary().total();
        stageBaseline += bucket.baseline().total();
        stageCanary += bucket.canary().total();
    }

    @Override
    void restartPass() {
        pass.forEach(evidence -> evidence.restart(new PlainMixture()));
        stageBaseline = 0;
        stageCanary = 0;
    }

    @Override
    LogEvidence evidence() {
        double failing = fail.isEmpty()
                ? 0
                : LogSums.mean(fail.stream().mapToDouble(CutEvidence::logE).toArray());
        double passing = pass.stream().mapToDouble(CutEvidence::logE).min().orElse(Double.NEGATIVE_INFINITY);
        return new LogEvidence(metric, true, failing, passing);
    }

    @Override
    MetricReading read() {
        LogEvidence evidence = evidence();
        CutEvidence focus = focus(evidence.fail());
        Interval interval = new Interval(0, Double.POSITIVE_INFINITY);
        Double estimate = null;
        Double slowBaseline = null;
        Double slowCanary = null;
        if (focus != null && requestsOfCanary > 0) {
            interval = ratio.interval(focus.cut().quantile(), run().alpha());
            estimate = ratio.estimate(focus.cut().quantile());
            slowBaseline = focus.totals().baseline().events();
            slowCanary = focus.totals().canary().events();
        }
        return new MetricReading(
                evidence,
                hindrance,
                estimate,
                interval,
                new ArmCounts(requestsOfBaseline, slowBaseline),
                new ArmCounts(requestsOfCanary, slowCanary),
                countedBuckets(),
                Math.min(stageBaseline, stageCanary),
                lastData(),
                finding(focus, estimate, interval),
                notes());
    }

    /** The quantile that speaks loudest for a failure where anything does, else the one that a pass waits for. */
    private @Nullable CutEvidence focus(double failing) {
        return failing > 0
                ? fail.stream()
                        .max(Comparator.comparingDouble(CutEvidence::logE))
                        .orElse(null)
                : pass.stream()
                        .min(Comparator.comparingDouble(CutEvidence::logE))
                        .orElse(null);
    }

    private String finding(@Nullable CutEvidence focus, @Nullable Double estimate, Interval interval) {
        if (focus == null || requestsOfCanary == 0) {
            return "no data of both arms yet";
        }
        Cut cut = focus.cut();
        String slow = Words.percent(focus.totals().canaryRate())
                + (cut.method() == Method.FASTER_SHARE ? " up to " : " above ") + Words.number(cut.canary())
                + " against "
                + Words.percent(focus.totals().baselineRate())
                + (cut.method() == Method.FASTER_SHARE ? " up to " : " above ") + Words.number(cut.baseline())
                + " in the baseline";
        String times = estimate == null
                ? ""
                : "; " + focus.name() + " " + Words.number(estimate) + " times as much "
                        + Words.interval(interval.lower(), interval.upper());
        return focus.name() + ": " + slow + times + ", tolerated "
                + Words.number(1 + metric.tolerance().relative()) + ", margin "
                + Words.number(1 + metric.margin().relative());
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        var shares = new TreeSet<Double>();
        for (CutEvidence evidence : fail) {
            if (evidence.cut().method() != Method.EXCEEDANCE) {
                shares.add(evidence.cut().baseline());
            }
        }
        for (CutEvidence evidence : pass) {
            if (evidence.cut().method() != Method.EXCEEDANCE) {
                shares.add(evidence.cut().baseline());
            }
        }
        if (!shares.isEmpty()) {
            notes.add("no bound of the histogram is near what is tolerated beyond "
                    + String.join(", ", shares.stream().map(Words::number).toList())
                    + ": there the shares of requests above are compared, tolerated "
                    + Words.number(1 + metric.shareTolerance().relative()) + " times, margin "
                    + Words.number(1 + metric.shareMargin().relative()));
        }
        double phi = 1;
        for (CutEvidence evidence : fail) {
            phi = Math.max(phi, evidence.phi());
        }
        if (phi >= LEAST_SHOWN) {
            notes.add("counts vary up to " + Words.number(phi)
                    + " times as much as those of independent requests; the evidence is divided by that");
        }
        if (!calibrated) {
            notes.add("assumes independent requests: there is no day of history that would show clusters");
        }
        if (uncut > 0) {
            notes.add(uncut + (uncut == 1 ? " bucket" : " buckets") + " without all of the chosen bounds");
        }
        return notes;
    }

    @Override
    double secondsToFail(double needed) {
        double least = Double.POSITIVE_INFINITY;
        for (CutEvidence evidence : fail) {
            double alone = needed + StrictMath.log(2.0 * fail.size());
            least = Math.min(least, evidence.seconds(alone, countedSeconds()));
        }
        return least;
    }

    @Override
    double secondsToPass(double needed) {
        double greatest = pass.isEmpty() ? Double.POSITIVE_INFINITY : 0;
        for (CutEvidence evidence : pass) {
            greatest = Math.max(greatest, evidence.seconds(needed, countedSeconds()));
        }
        return greatest;
    }
}
