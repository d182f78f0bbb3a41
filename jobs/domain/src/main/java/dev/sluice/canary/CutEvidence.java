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
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.RatioHypothesis;
import dev.sluice.canary.evidence.Side;
import dev.sluice.canary.evidence.TimeToDecision;

/** The evidence of one quantile of a latency, for a failure or for a pass: with its own counts and its own guard. */
final class CutEvidence {
    private final Cut cut;
    private final Hypothesis<ExceedanceBucket> hypothesis;
    private final DispersionGuard guard;
    private Evidence<ExceedanceBucket> evidence;
    private RatioTotals totals = new RatioTotals();

    private CutEvidence(Cut cut, Hypothesis<ExceedanceBucket> hypothesis, Mixture mixture, double floor) {
        this.cut = cut;
        this.hypothesis = hypothesis;
        this.guard = new DispersionGuard(floor, Exposure.REQUESTS);
        this.evidence = new Evidence<>(hypothesis, mixture);
    }

    /**
     * Begins with the evidence for a failure.
     *
     * @param tolerance of the share, where shares are compared
     * @param floor what phi is at least
     */
    static CutEvidence ofFailure(Cut cut, Allowance tolerance, Mixture mixture, double floor) {
        Hypothesis<ExceedanceBucket> hypothesis = switch (cut.method()) {
            case EXCEEDANCE -> new ExceedanceHypothesis(Side.MORE);
            case SLOWER_SHARE -> ofShare(RatioHypothesis.failOfIncrease(tolerance));
            case FASTER_SHARE -> ofShare(RatioHypothesis.failOfDecrease(tolerance));
        };
        return new CutEvidence(cut, hypothesis, mixture, floor);
    }

    /** Begins with the evidence for a pass; see {@link #ofFailure}. */
    static CutEvidence ofPass(Cut cut, Allowance margin, Mixture mixture, double floor) {
        Hypothesis<ExceedanceBucket> hypothesis = switch (cut.method()) {
            case EXCEEDANCE -> new ExceedanceHypothesis(Side.LESS);
            case SLOWER_SHARE -> ofShare(RatioHypothesis.passOfIncrease(margin));
            case FASTER_SHARE -> ofShare(RatioHypothesis.passOfDecrease(margin));
        };
        return new CutEvidence(cut, hypothesis, mixture, floor);
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

    /**
     * Adds a bucket with both arms.
     *
     * @return whether it could be cut
     */
    boolean count(HistogramBucket bucket) {
        if (!cut.applies(bucket)) {
            return false;
        }
        ExceedanceBucket counts = cut.counts(bucket);
        evidence.add(counts, guard.phi());
        guard.add(counts.toRatio());
        totals.add(counts.toRatio());
        return true;
    }

    /** Begins anew with a mixture; what the guard has seen stays. */
    void restart(Mixture mixture) {
        evidence = new Evidence<>(hypothesis, mixture);
        totals = new RatioTotals();
    }

    Cut cut() {
        return cut;
    }

    RatioTotals totals() {
        return totals;
    }

    double phi() {
        return guard.phi();
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
     * @param counted how many seconds were counted
     */
    double seconds(double needed, double counted) {
        if (!(totals.leastExposure() > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        RatioBucket perSecond = totals.perSecond(counted, guard.ratio());
        if (cut.method() == Method.EXCEEDANCE) {
            return TimeToDecision.ofExceedance(
                    (ExceedanceHypothesis) hypothesis, needed, evidence.logE(), guard.phi(), perSecond);
        }
        return TimeToDecision.ofRatio(
                ((ShareHypothesis) hypothesis).ofRatio(), needed, evidence.logE(), guard.phi(), perSecond);
    }

    /** E.g. {@code p99 (0.25 s)}. */
    String name() {
        double percent = 100 * cut.quantile();
        return "p" + Words.number(percent);
    }
}
