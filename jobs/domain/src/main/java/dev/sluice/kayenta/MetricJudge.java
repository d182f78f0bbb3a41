package dev.sluice.kayenta;

import java.util.List;
import java.util.random.RandomGenerator;

/** Finds what one metric is. */
final class MetricJudge {
    /** How sure a difference must be. Fixed: Kayenta has a setting of this name, and does not read it. */
    private static final double CONFIDENCE = 0.98;
    /**
     * How far the confidence interval must be from no difference, as a share of the estimated difference itself. Fixed, like
     * the confidence.
     */
    private static final double TOLERANCE = 0.25;
    /** The noise on arms without any of their own, as a share of their value. */
    private static final double NOISE = 1e-5;

    private final MetricConfig config;
    private final RandomGenerator noise;

    MetricJudge(MetricConfig config, RandomGenerator noise) {
        this.config = config;
        this.noise = noise;
    }

    MetricResult judge(MetricPair pair) {
        var arms = new Arms(values(pair.baseline()), values(pair.canary()));
        return new MetricResult(config, find(arms), ArmStatistics.of(arms.baseline()), ArmStatistics.of(arms.canary()));
    }

    private double[] values(List<Double> points) {
        return config.outliers().apply(config.nanStrategy().apply(points));
    }

    private Finding find(Arms arms) {
        if (arms.isOneEmpty()) {
            return withoutData();
        }
        if (arms.areIdentical()) {
            return Finding.notCompared(MetricLabel.PASS, "The Canary and Baseline data are identical");
        }
        if (arms.areOneValue()) {
            return Finding.notCompared(MetricLabel.PASS, null);
        }
        return compare(arms.areConstant() ? arms.withNoise(NOISE, noise) : arms);
    }

    private Finding withoutData() {
        if (config.nanStrategy() == NanStrategy.REPLACE) {
            return Finding.notCompared(MetricLabel.PASS, null);
        }
        return config.mustHaveData() && !config.isCritical()
                ? Finding.missingData(MetricLabel.NODATA_FAIL_METRIC, config.name(), false)
                : Finding.missingData(MetricLabel.NODATA, config.name(), config.isCritical());
    }

    private Finding compare(Arms arms) {
        return MannWhitney.shift(arms, CONFIDENCE)
                .map(shift -> found(shift, arms))
                .orElseGet(Finding::error);
    }

    private Finding found(Shift shift, Arms arms) {
        EffectSize effectSize = config.effectSize();
        double ratio = EffectSize.Measure.meanRatio(arms);
        double effect = effectSize.measure().of(arms);
        double band = TOLERANCE * Math.abs(shift.estimate());
        if (config.direction().minds(Direction.INCREASE) && shift.lower() > band && effectSize.isIncrease(effect)) {
            return failed(MetricLabel.HIGH, ratio, config.isCritical() && effectSize.isCriticalIncrease(effect));
        }
        if (config.direction().minds(Direction.DECREASE) && shift.upper() < -band && effectSize.isDecrease(effect)) {
            return failed(MetricLabel.LOW, ratio, config.isCritical() && effectSize.isCriticalDecrease(effect));
        }
        return new Finding(MetricLabel.PASS, null, ratio, false);
    }

    private Finding failed(MetricLabel label, double ratio, boolean critical) {
        String reason = critical
                ? "The metric " + config.name() + " was classified as " + label.word() + " (Critical)"
                : config.name() + " was classified as " + label.word();
        return new Finding(label, reason, ratio, critical);
    }
}
