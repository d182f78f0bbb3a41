package dev.sluice.canary;

import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Cut;
import dev.sluice.canary.evidence.Cut.Method;
import dev.sluice.canary.evidence.DispersionGuard;
import dev.sluice.canary.evidence.Evidence;
import dev.sluice.canary.evidence.ExceedanceBucket;
import dev.sluice.canary.evidence.ExceedanceHypothesis;
import dev.sluice.canary.evidence.Exposure;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Hypothesis;
import dev.sluice.canary.evidence.Mixture;
import dev.sluice.canary.evidence.PodGuard;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.RatioHypothesis;
import dev.sluice.canary.evidence.Side;
import dev.sluice.canary.evidence.Stateful;
import dev.sluice.canary.evidence.TimeToDecision;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.TreeMap;

/** The evidence of one quantile of a latency, for a failure or for a pass: with its own counts and its own guard. */
final class CutEvidence implements Stateful {
    private final Cut cut;
    private final Hypothesis<ExceedanceBucket> hypothesis;
    private final DispersionGuard guard;
    private final double baselineShareAtStart;
    private Evidence<ExceedanceBucket> evidence;
    private final RatioTotals all = new RatioTotals();
    private final RecentCounts recent = new RecentCounts();
    private RatioTotals stage = new RatioTotals();

    private CutEvidence(
            Cut cut, Hypothesis<ExceedanceBucket> hypothesis, Mixture mixture, double floor, double shareAtStart) {
        this.cut = cut;
        this.baselineShareAtStart = shareAtStart;
        this.hypothesis = hypothesis;
        this.guard = new DispersionGuard(floor, Exposure.REQUESTS);
        this.evidence = new Evidence<>(hypothesis, mixture);
    }

    /**
     * Begins with the evidence for a failure.
     *
     * @param tolerance of the share, where shares are compared
     * @param floor what phi is at least
     * @param shareAtStart the baseline's share beyond the cut in the requests that it was chosen by
     */
    static CutEvidence ofFailure(Cut cut, Allowance tolerance, Mixture mixture, double floor, double shareAtStart) {
        Hypothesis<ExceedanceBucket> hypothesis = switch (cut.method()) {
            case EXCEEDANCE -> new ExceedanceHypothesis(Side.MORE);
            case SLOWER_SHARE -> ofShare(RatioHypothesis.failOfIncrease(tolerance));
            case FASTER_SHARE -> ofShare(RatioHypothesis.failOfDecrease(tolerance));
        };
        return new CutEvidence(cut, hypothesis, mixture, floor, shareAtStart);
    }

    /** Begins with the evidence for a pass; see {@link #ofFailure}. */
    static CutEvidence ofPass(Cut cut, Allowance margin, Mixture mixture, double floor, double shareAtStart) {
        Hypothesis<ExceedanceBucket> hypothesis = switch (cut.method()) {
            case EXCEEDANCE -> new ExceedanceHypothesis(Side.LESS);
            case SLOWER_SHARE -> ofShare(RatioHypothesis.passOfIncrease(margin));
            case FASTER_SHARE -> ofShare(RatioHypothesis.passOfDecrease(margin));
        };
        return new CutEvidence(cut, hypothesis, mixture, floor, shareAtStart);
    }

    private static Hypothesis<ExceedanceBucket> ofShare(RatioHypothesis ofRatio) {
        return new ShareHypothesis(ofRatio);
    }

    /** A ratio that is told of shares of requests. */
    private record ShareHypothesis(RatioHypothesis ofRatio) implements Hypothesis<ExceedanceBucket> {
        @Override
        public double[] increments(ExceedanceBucket bucket) {
            return ofRatio.increments(bucket.toRatio());
        }
    }

    /** Shows the guard a bucket of before anything counts. */
    void warmUp(HistogramBucket bucket) {
        if (cut.applies(bucket)) {
            guard.add(cut.counts(bucket).toRatio());
        }
    }

    /** Adds a bucket with both arms that can be cut. */
    void count(HistogramBucket bucket) {
        ExceedanceBucket counts = cut.counts(bucket);
        evidence.add(counts, guard.phi());
        addUp(counts, true);
        recent.add(counts.toRatio());
    }

    /** Adds one that came late. */
    void countLate(HistogramBucket bucket, boolean ofStage) {
        ExceedanceBucket counts = cut.counts(bucket);
        evidence.addLate(counts, guard.phi());
        addUp(counts, ofStage);
    }

    /** Shows the guard what the pods of the baseline did. */
    void addPods(PodGuard order, SortedMap<String, HistogramBucket> pods, boolean changed) {
        SortedMap<String, RatioBucket> slow = new TreeMap<>();
        for (var pod : pods.entrySet()) {
            if (!cut.applies(pod.getValue())) {
                slow.clear();
                break;
            }
            slow.put(pod.getKey(), cut.counts(pod.getValue()).toRatio());
        }
        order.show(guard, slow, changed);
    }

    private void addUp(ExceedanceBucket counts, boolean ofStage) {
        RatioBucket ratio = counts.toRatio();
        guard.add(ratio);
        all.add(ratio);
        if (ofStage) {
            stage.add(ratio);
        }
    }

    double shareAtStart() {
        return baselineShareAtStart;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        evidence.mixture().save(out);
        guard.save(out);
        all.save(out);
        stage.save(out);
        recent.save(out);
    }

    @Override
    public void load(DataInput in) throws IOException {
        evidence.mixture().load(in);
        guard.load(in);
        all.load(in);
        stage.load(in);
        recent.load(in);
    }

    /** Begins a stage: rates are those of the stage. */
    void startStage() {
        stage = new RatioTotals();
    }

    /** Begins the evidence anew with a mixture; what the guard has seen stays. */
    void restart(Mixture mixture) {
        evidence = new Evidence<>(hypothesis, mixture);
    }

    /** Returns whether no canary could be what the hypothesis says, by the baseline's share in the warm-up or now. */
    boolean isEmpty() {
        return hypothesis instanceof ShareHypothesis share
                && (share.ofRatio().isEmpty(baselineShareAtStart, Exposure.REQUESTS)
                        || (stage.leastExposure() > 0
                                && share.ofRatio().isEmpty(stage.baselineRate(), Exposure.REQUESTS)));
    }

    Cut cut() {
        return cut;
    }

    RecentCounts recent() {
        return recent;
    }

    RatioTotals all() {
        return all;
    }

    double phi() {
        return guard.phi();
    }

    boolean knowsVariation() {
        return guard.knowsVariation();
    }

    double floorForLater() {
        return guard.floorForLater();
    }

    double logE() {
        return evidence.logE();
    }

    /**
     * Returns the seconds until the evidence is enough, if all goes on as it does.
     *
     * @param needed ln of it
     * @param bucketSeconds the length of a bucket
     */
    double seconds(double needed, double bucketSeconds) {
        if (!(stage.leastExposure() > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        RatioBucket perSecond = stage.perSecond(bucketSeconds, guard.ratio());
        if (cut.method() == Method.EXCEEDANCE) {
            return TimeToDecision.ofExceedance(
                    (ExceedanceHypothesis) hypothesis, needed, evidence.logE(), guard.phi(), perSecond);
        }
        return TimeToDecision.ofRatio(
                ((ShareHypothesis) hypothesis).ofRatio(), needed, evidence.logE(), guard.phi(), perSecond);
    }

    /** E.g. {@code p99}, {@code p99.99}. */
    String name() {
        BigDecimal percent = BigDecimal.valueOf(cut.quantile()).movePointRight(2);
        return "p" + percent.stripTrailingZeros().toPlainString();
    }
}
