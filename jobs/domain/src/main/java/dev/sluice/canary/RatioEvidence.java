package dev.sluice.canary;

import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.DispersionGuard;
import dev.sluice.canary.evidence.Evidence;
import dev.sluice.canary.evidence.Exposure;
import dev.sluice.canary.evidence.OnsetMixture;
import dev.sluice.canary.evidence.PlainMixture;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.RatioHypothesis;
import dev.sluice.canary.evidence.RatioSequence;
import dev.sluice.canary.evidence.TimeToDecision;
import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The evidence of a {@link MetricConfig.Ratio}. */
final class RatioEvidence extends MetricEvidence<RatioBucket> {
    /** How much history says how far counts of one version vary. */
    static final Duration LEAST_HISTORY = Duration.ofDays(1);

    /** Below it the counts vary as those of independent requests do. */
    private static final double LEAST_SHOWN = 1.01;

    private final MetricConfig.Ratio metric;
    private final List<Evidence<RatioBucket>> fail = new ArrayList<>();
    private final List<Evidence<RatioBucket>> pass = new ArrayList<>();
    private final RatioSequence sequence = new RatioSequence();
    private final RatioTotals all = new RatioTotals();
    private final RatioTotals warmUp = new RatioTotals();
    private RatioTotals stage = new RatioTotals();
    private DispersionGuard guard;
    private boolean calibrated;

    RatioEvidence(CanaryConfig run, MetricConfig.Ratio metric) {
        super(run, RatioBucket.class);
        this.metric = metric;
        this.guard = new DispersionGuard(1, metric.exposure());
        for (RatioHypothesis hypothesis : failures()) {
            fail.add(new Evidence<>(hypothesis, new OnsetMixture(run.plannedBuckets())));
        }
        restartPass();
    }

    private List<RatioHypothesis> failures() {
        Allowance tolerance = metric.tolerance();
        return switch (metric.direction()) {
            case INCREASE -> List.of(RatioHypothesis.failOfIncrease(tolerance));
            case DECREASE -> List.of(RatioHypothesis.failOfDecrease(tolerance));
            case EITHER ->
                List.of(RatioHypothesis.failOfIncrease(tolerance), RatioHypothesis.failOfDecrease(tolerance));
        };
    }

    private List<RatioHypothesis> passes() {
        Allowance margin = metric.margin();
        return switch (metric.direction()) {
            case INCREASE -> List.of(RatioHypothesis.passOfIncrease(margin));
            case DECREASE -> List.of(RatioHypothesis.passOfDecrease(margin));
            case EITHER -> List.of(RatioHypothesis.passOfIncrease(margin), RatioHypothesis.passOfDecrease(margin));
        };
    }

    @Override
    void learn(List<RatioBucket> history) {
        var ofHistory = new DispersionGuard(1, metric.exposure());
        history.forEach(ofHistory::add);
        if (run().bucket().multipliedBy(history.size()).compareTo(LEAST_HISTORY) >= 0) {
            guard = new DispersionGuard(ofHistory.floorForLater(), metric.exposure());
            calibrated = true;
        }
    }

    @Override
    void warmUp(RatioBucket bucket, boolean isLast) {
        guard.add(bucket);
        warmUp.add(bucket);
    }

    @Override
    void count(RatioBucket bucket) {
        double phi = guard.phi();
        for (Evidence<RatioBucket> evidence : fail) {
            evidence.add(bucket, phi);
        }
        for (Evidence<RatioBucket> evidence : pass) {
            evidence.add(bucket, phi);
        }
        sequence.add(bucket);
        all.add(bucket);
        stage.add(bucket);
        guard.add(bucket);
    }

    @Override
    void restartPass() {
        pass.clear();
        for (RatioHypothesis hypothesis : passes()) {
            pass.add(new Evidence<>(hypothesis, new PlainMixture()));
        }
        stage = new RatioTotals();
    }

    @Override
    LogEvidence evidence() {
        double[] failing = fail.stream().mapToDouble(Evidence::logE).toArray();
        double passing = pass.stream().mapToDouble(Evidence::logE).min().orElseThrow();
        return new LogEvidence(metric, true, LogSums.mean(failing), passing);
    }

    @Override
    MetricReading read() {
        Interval interval = sequence.interval(run().alpha(), guard.phi());
        boolean requests = metric.exposure() == Exposure.REQUESTS;
        return new MetricReading(
                evidence(),
                hindrance(),
                all.leastExposure() > 0 ? guard.ratio() : null,
                interval,
                all.baseline(),
                all.canary(),
                countedBuckets(),
                requests ? stage.leastExposure() : Double.POSITIVE_INFINITY,
                lastData(),
                finding(interval),
                notes());
    }

    /** A decrease by the margin must be possible: otherwise the first bucket would prove that there is none. */
    private @Nullable String hindrance() {
        if (metric.direction() == Direction.INCREASE || metric.margin().absolute() == 0) {
            return null;
        }
        double rate = warmUp.baselineRate();
        double least = (1 - metric.margin().relative()) * rate;
        return metric.margin().absolute() < least
                ? null
                : "the margin says nothing: the baseline's " + rate(rate) + " cannot decrease by "
                        + Words.percent(metric.margin().relative()) + " and "
                        + rate(metric.margin().absolute())
                        + " more";
    }

    private String finding(Interval interval) {
        if (!(all.leastExposure() > 0)) {
            return "no data of both arms yet";
        }
        return rate(all.canaryRate()) + " against " + rate(all.baselineRate()) + " in the baseline: "
                + Words.number(guard.ratio()) + " times as much "
                + Words.interval(interval.lower(), interval.upper()) + ", tolerated "
                + allowed(metric.tolerance()) + ", margin " + allowed(metric.margin());
    }

    private String allowed(Allowance allowance) {
        String more = metric.direction() == Direction.DECREASE ? "" : Words.number(1 + allowance.relative());
        String less = metric.direction() == Direction.INCREASE ? "" : Words.number(1 - allowance.relative());
        String relative = more.isEmpty() || less.isEmpty() ? more + less : less + " to " + more;
        String sign = metric.direction() == Direction.INCREASE
                ? " + "
                : metric.direction() == Direction.DECREASE ? " - " : " +- ";
        return allowance.absolute() == 0 ? relative : relative + sign + rate(allowance.absolute());
    }

    private String rate(double rate) {
        return metric.exposure() == Exposure.REQUESTS ? Words.percent(rate) : Words.number(rate) + " a second";
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        double phi = guard.phi();
        if (phi >= LEAST_SHOWN) {
            notes.add("counts vary " + Words.number(phi)
                    + " times as much as those of independent requests; the evidence is divided by that");
        }
        if (!calibrated) {
            notes.add("assumes independent requests: there is no day of history that would show clusters");
        }
        if (metric.direction() != Direction.INCREASE
                && metric.tolerance().absolute() > 0
                && metric.tolerance().absolute() >= (1 - metric.tolerance().relative()) * warmUp.baselineRate()) {
            notes.add("the tolerance allows a decrease to nothing: it cannot fail for one");
        }
        return notes;
    }

    @Override
    double secondsToFail(double needed) {
        double least = Double.POSITIVE_INFINITY;
        for (Evidence<RatioBucket> evidence : fail) {
            double onset = needed + StrictMath.log(2.0 * fail.size());
            least = Math.min(least, seconds(evidence, onset));
        }
        return least;
    }

    @Override
    double secondsToPass(double needed) {
        double greatest = 0;
        for (Evidence<RatioBucket> evidence : pass) {
            greatest = Math.max(greatest, seconds(evidence, needed));
        }
        return greatest;
    }

    private double seconds(Evidence<RatioBucket> evidence, double needed) {
        if (!(stage.leastExposure() > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        return TimeToDecision.ofRatio(
                (RatioHypothesis) evidence.hypothesis(),
                needed,
                evidence.logE(),
                guard.phi(),
                stage.perSecond(countedSeconds(), guard.ratio()));
    }
}
