package dev.sluice.shift;

import java.util.function.LongPredicate;

/** What the values would be if the metric had shifted in one direction, by one of several amounts: the nodes. */
@FunctionalInterface
interface Alternatives {
    /** Returns the likelihood ratios of a value. */
    LikelihoodRatios of(long value);

    /**
     * Returns the alternatives to a share p0 of hits: p1 = expit(logit p0 + theta), theta one of 0.3, 0.6, 1, 1.5, 2.2. A
     * hit has the ratio p1 / p0, a miss (1 - p1) / (1 - p0). The expectation of a ratio is at most 1 for every share that
     * is not beyond p0.
     *
     * @param share p0, above 0 and below 1
     * @param sign 1 for more hits, -1 for fewer
     * @param isHit which values are hits
     */
    static Alternatives toShare(double share, int sign, LongPredicate isHit) {
        double[] logOdds = {0.3, 0.6, 1, 1.5, 2.2};
        var hit = new double[logOdds.length];
        var miss = new double[logOdds.length];
        for (int node = 0; node < logOdds.length; node++) {
            double theta = sign * logOdds[node];
            // with w = 1 - p0 + p0 e^theta: p1 / p0 = e^theta / w, (1 - p1) / (1 - p0) = 1 / w
            miss[node] = -StrictMath.log1p(share * StrictMath.expm1(theta));
            hit[node] = theta + miss[node];
        }
        var ofHit = new LikelihoodRatios(hit);
        var ofMiss = new LikelihoodRatios(miss);
        return value -> isHit.test(value) ? ofHit : ofMiss;
    }

    /**
     * Returns the alternatives to a Poisson count of mean l0: l1 = l0 e^theta, theta one of 0.2, 0.4, 0.7, 1.1. A count k
     * has the ratio ((l1 / l0)^k e^(l0 - l1))^(1 / dispersion): tempered, it says less where counts spread more.
     *
     * @param mean l0, above 0
     * @param sign 1 for more, -1 for less
     * @param dispersion at least 1
     */
    static Alternatives toMean(double mean, int sign, double dispersion) {
        double[] logRates = {0.2, 0.4, 0.7, 1.1};
        return count -> {
            var logs = new double[logRates.length];
            for (int node = 0; node < logRates.length; node++) {
                double theta = sign * logRates[node];
                logs[node] = (count * theta - mean * StrictMath.expm1(theta)) / dispersion;
            }
            return new LikelihoodRatios(logs);
        };
    }
}
