package dev.sluice.canary;

import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.DispersionGuard;
import dev.sluice.canary.evidence.Evidence;
import dev.sluice.canary.evidence.Exposure;
import dev.sluice.canary.evidence.OnsetMixture;
import dev.sluice.canary.evidence.PlainMixture;
import dev.sluice.canary.evidence.PodGuard;
import dev.sluice.canary.evidence.PodSpread;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.RatioHypothesis;
import dev.sluice.canary.evidence.RatioSequence;
import dev.sluice.canary.evidence.TimeToDecision;
import dev.sluice.canary.evidence.TrafficSplit;
import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The evidence of a {@link MetricConfig.Ratio}. */
final class RatioEvidence extends MetricEvidence<RatioBucket> {
    /** How much history says how far counts of one version vary. */
    static final Duration LEAST_HISTORY = Duration.ofDays(1);

    private final MetricConfig.Ratio metric;
    private final List<Evidence<RatioBucket>> fail = new ArrayList<>();
    private final List<Evidence<RatioBucket>> pass = new ArrayList<>();
    private final RatioSequence sequence = new RatioSequence();
    private final RatioTotals all = new RatioTotals();
    private final RatioTotals warmUp = new RatioTotals();
    private final RecentCounts recent = new RecentCounts();
    private RatioTotals stage = new RatioTotals();
    private double exposure;
    private long impossible;
    private DispersionGuard guard;
    private final PodGuard podGuard = new PodGuard();
    private final PodSpread podSpread = new PodSpread(true);
    private boolean calibrated;
    private double floor = 1;

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
    void learn(List<RatioBucket> history, Duration span) {
        var ofHistory = new DispersionGuard(1, metric.exposure());
        history.forEach(ofHistory::add);
        if (isEnough(history.size(), span, run().bucket()) && ofHistory.knowsVariation()) {
            startWithFloor(ofHistory.floorForLater());
            calibrated = true;
        }
    }

    /** Returns whether a history is a day, of which half at least is there. */
    static boolean isEnough(int buckets, Duration span, Duration bucket) {
        return span.compareTo(LEAST_HISTORY) >= 0
                && bucket.multipliedBy(buckets).multipliedBy(2).compareTo(LEAST_HISTORY) >= 0;
    }

    @Override
    double floor() {
        return floor;
    }

    @Override
    void startWithFloor(double phi) {
        floor = phi;
        guard = new DispersionGuard(phi, metric.exposure());
    }

    @Override
    boolean isComparable(RatioBucket bucket) {
        boolean possible = metric.exposure() == Exposure.TIME || bucket.isOfShares();
        if (!possible) {
            impossible++;
        }
        return possible;
    }

    @Override
    void addRequests(RatioBucket bucket, TrafficSplit to) {
        if (metric.exposure() == Exposure.REQUESTS) {
            to.add(bucket.baselineExposure(), bucket.canaryExposure());
        }
    }

    @Override
    void addPods(SortedMap<String, RatioBucket> pods, int ofCanary) {
        podGuard.show(guard, pods, podGuard.change(pods));
        pods.forEach((pod, of) -> podSpread.add(pod, of.baselineEvents(), of.baselineExposure()));
        podSpread.canaryHas(ofCanary);
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
        addUp(bucket, true);
        recent.add(bucket);
    }

    @Override
    void countLate(RatioBucket bucket, boolean ofStage) {
        double phi = guard.phi();
        for (Evidence<RatioBucket> evidence : fail) {
            evidence.addLate(bucket, phi);
        }
        if (ofStage) {
            for (Evidence<RatioBucket> evidence : pass) {
                evidence.addLate(bucket, phi);
            }
        }
        addUp(bucket, ofStage);
    }

    private void addUp(RatioBucket bucket, boolean ofStage) {
        sequence.add(bucket);
        all.add(bucket);
        if (ofStage) {
            stage.add(bucket);
            exposure += Math.min(bucket.baselineExposure(), bucket.canaryExposure());
        }
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
    void restartExposure() {
        exposure = 0;
    }

    @Override
    void saveEvidence(DataOutput out) throws IOException {
        for (Evidence<RatioBucket> evidence : fail) {
            evidence.mixture().save(out);
        }
        for (Evidence<RatioBucket> evidence : pass) {
            evidence.mixture().save(out);
        }
        sequence.save(out);
        guard.save(out);
        all.save(out);
        warmUp.save(out);
        recent.save(out);
        stage.save(out);
        out.writeDouble(exposure);
        out.writeLong(impossible);
        out.writeBoolean(calibrated);
        out.writeDouble(floor);
        podGuard.save(out);
        podSpread.save(out);
    }

    @Override
    void loadEvidence(DataInput in) throws IOException {
        for (Evidence<RatioBucket> evidence : fail) {
            evidence.mixture().load(in);
        }
        for (Evidence<RatioBucket> evidence : pass) {
            evidence.mixture().load(in);
        }
        sequence.load(in);
        guard.load(in);
        all.load(in);
        warmUp.load(in);
        recent.load(in);
        stage.load(in);
        exposure = in.readDouble();
        impossible = in.readLong();
        calibrated = in.readBoolean();
        floor = in.readDouble();
        podGuard.load(in);
        podSpread.load(in);
    }

    @Override
    LogEvidence evidence() {
        double[] failing = fail.stream().mapToDouble(Evidence::logE).toArray();
        double passing = pass.stream().mapToDouble(Evidence::logE).min().orElseThrow();
        return new LogEvidence(metric, true, LogSums.mean(failing), passing);
    }

    @Override
    MetricReading read(@Nullable Instant settlingUntil) {
        Interval interval = sequence.interval(run().alpha(), guard.phi());
        boolean requests = metric.exposure() == Exposure.REQUESTS;
        return new MetricReading(
                evidence(),
                hindrance(),
                waiting(settlingUntil),
                all.ratio(),
                interval,
                all.baseline(),
                all.canary(),
                countedBuckets(),
                requests ? exposure : Double.POSITIVE_INFINITY,
                lastData(),
                podSpread.floor(),
                all.leastExposure() > 0 ? finding(interval) : nothingFound(settlingUntil),
                notes());
    }

    /** What the margin says must be possible, or the first bucket would prove that it is not so. */
    private @Nullable String hindrance() {
        String mismatch = mismatch();
        if (mismatch != null) {
            return mismatch;
        }
        for (RatioTotals totals : List.of(warmUp, stage)) {
            double rate = totals.baselineRate();
            for (Evidence<RatioBucket> evidence : pass) {
                if (totals.leastExposure() > 0
                        && ((RatioHypothesis) evidence.hypothesis()).isEmpty(rate, metric.exposure())) {
                    return "the margin says nothing: no canary could be so far from the baseline's " + rate(rate)
                            + " as " + allowed(metric.margin());
                }
            }
        }
        return null;
    }

    private String finding(Interval interval) {
        Double ratio = all.ratio();
        String times = ratio == null
                ? "no event in either"
                : Words.number(ratio) + " times as much " + Words.interval(interval.lower(), interval.upper());
        String lately = evidence().fail() > 0 ? lately() : "";
        return compared(all) + " in the baseline: " + times + lately + ", tolerated " + allowed(metric.tolerance())
                + ", margin " + allowed(metric.margin());
    }

    private String lately() {
        return "; in the last " + recent.size() + " counted buckets " + compared(recent.totals());
    }

    private String compared(RatioTotals totals) {
        return rate(totals.canaryRate()) + " against " + rate(totals.baselineRate());
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
        Notes.addVariation(notes, guard.phi(), calibrated);
        Notes.addLeftOut(notes, impossible, "more events than requests");
        Notes.addFloor(notes, podSpread.floor(), metric.tolerance().relative());
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
            least = Math.min(least, seconds(evidence, onset, guard.ratio()));
        }
        return least;
    }

    @Override
    double secondsToPass(double needed) {
        return secondsToPass(needed, guard.ratio());
    }

    @Override
    Interval secondsToPassRange(double needed, Interval interval) {
        double now = secondsToPass(needed);
        double lower = secondsToPass(needed, interval.lower());
        double upper =
                Double.isFinite(interval.upper()) ? secondsToPass(needed, interval.upper()) : Double.POSITIVE_INFINITY;
        return new Interval(Math.min(now, Math.min(lower, upper)), Math.max(now, Math.max(lower, upper)));
    }

    private double secondsToPass(double needed, double ratio) {
        double greatest = 0;
        for (Evidence<RatioBucket> evidence : pass) {
            greatest = Math.max(greatest, seconds(evidence, needed, ratio));
        }
        return greatest;
    }

    /** Returns the seconds that a test still needs if the canary has so many times the events of the baseline. */
    private double seconds(Evidence<RatioBucket> evidence, double needed, double ratio) {
        if (!(stage.leastExposure() > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        return TimeToDecision.ofRatio(
                (RatioHypothesis) evidence.hypothesis(),
                needed,
                evidence.logE(),
                guard.phi(),
                stage.perSecond(bucketSeconds(), ratio));
    }
}
