package dev.sluice.benchmarks.accuracy;

import dev.sluice.canary.evidence.DispersionGuard;
import dev.sluice.canary.evidence.ExceedanceBucket;
import dev.sluice.canary.evidence.ExceedanceHypothesis;
import dev.sluice.canary.evidence.Exposure;
import dev.sluice.canary.evidence.Mixture;
import dev.sluice.canary.evidence.OnsetMixture;
import dev.sluice.canary.evidence.PlainMixture;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.canary.evidence.RatioHypothesis;
import dev.sluice.canary.evidence.Side;
import dev.sluice.statistics.LogSums;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/** The procedures that are compared: each turns buckets into a statistic that alarms at a level. */
final class Statistics {
    private Statistics() {}

    /** Tells ratios to a procedure, bucket after bucket. */
    interface OfRatios {
        double add(RatioBucket bucket);
    }

    /** Tells exceedances, one of each threshold, to a procedure. */
    interface OfExceedances {
        double add(ExceedanceBucket[] buckets);
    }

    /** Returns the level of an e-process: ln(1/alpha). */
    static double levelOfEvidence(double alpha) {
        return -Math.log(alpha);
    }

    /** Returns the level of a one-sided z-test. */
    static double levelOfZ(double alpha) {
        return new NormalDistribution(null, 0, 1).inverseCumulativeProbability(1 - alpha);
    }

    /** Evidence of a hypothesis alone. */
    static OfRatios plain(RatioHypothesis hypothesis) {
        var mixture = new PlainMixture();
        return bucket -> {
            mixture.add(hypothesis.increments(bucket), 1);
            return mixture.logE();
        };
    }

    /** As Sluice does it: evidence over onsets, weakened by the guard. */
    static OfRatios guarded(RatioHypothesis hypothesis, long planned) {
        return guarded(hypothesis, new OnsetMixture(planned), 1);
    }

    /** With the floor that a history has shown. */
    static OfRatios guarded(RatioHypothesis hypothesis, Mixture mixture, double floor) {
        var guard = new DispersionGuard(floor, Exposure.REQUESTS);
        return bucket -> {
            mixture.add(hypothesis.increments(bucket), guard.phi());
            guard.add(bucket);
            return mixture.logE();
        };
    }

    /** The pooled z-test of two proportions on all requests so far, looked at after each bucket. */
    static OfRatios zEachLook() {
        var sums = new double[4];
        return bucket -> {
            sums[0] += bucket.baselineEvents();
            sums[1] += bucket.baselineExposure();
            sums[2] += bucket.canaryEvents();
            sums[3] += bucket.canaryExposure();
            return z(sums);
        };
    }

    private static double z(double[] sums) {
        double pooled = (sums[0] + sums[2]) / (sums[1] + sums[3]);
        double deviation = Math.sqrt(pooled * (1 - pooled) * (1 / sums[1] + 1 / sums[3]));
        return deviation > 0 ? (sums[2] / sums[3] - sums[0] / sums[1]) / deviation : 0;
    }

    /** Evidence of several thresholds together: the mean. */
    static OfExceedances exceedances(int thresholds, boolean guarded, long planned) {
        var hypothesis = new ExceedanceHypothesis(Side.MORE);
        List<Mixture> mixtures = new ArrayList<>();
        List<DispersionGuard> guards = new ArrayList<>();
        for (int i = 0; i < thresholds; i++) {
            mixtures.add(guarded ? new OnsetMixture(planned) : new PlainMixture());
            guards.add(new DispersionGuard(1, Exposure.REQUESTS));
        }
        return buckets -> {
            var logs = new double[thresholds];
            for (int i = 0; i < thresholds; i++) {
                double phi = guarded ? guards.get(i).phi() : 1;
                mixtures.get(i).add(hypothesis.increments(buckets[i]), phi);
                if (guarded) {
                    guards.get(i).add(buckets[i].toRatio());
                }
                logs[i] = mixtures.get(i).logE();
            }
            return LogSums.mean(logs);
        };
    }
}
