package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import dev.sluice.store.RangeMetric;
import org.jspecify.annotations.Nullable;

/**
 * What a metric amounts to.
 *
 * @param n how many values it is computed from
 * @param value milliseconds, deployments a day, or a share of 1; null where there is none
 * @param lower lower end of its 95 % interval; null where there is none
 * @param upper upper end of it
 * @param p90 the 90th percentile of a duration
 * @param insufficient whether there are fewer than five values, which tell little
 * @param reason why there is no value
 */
record Value(
        long n,
        @Nullable Double value,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p90,
        boolean insufficient,
        @Nullable String reason) {
    private static final int FEW = 5;

    static Value of(RangeMetric metric) {
        return new Value(
                metric.n(), metric.value(), metric.lower(), metric.upper(), metric.p90(), metric.insufficient(), null);
    }

    /** Returns that there is no value. */
    static Value none(Metric metric) {
        return new Value(0, null, null, null, null, true, metric.absence());
    }

    /**
     * Returns what it amounts to that nothing is counted of what was there before the days ended: a frequency of 0, which is
     * a value, and no value of anything else.
     */
    static Value ofNothing(Metric metric, int days) {
        if (metric != Metric.DEPLOYMENT_FREQUENCY) {
            return none(metric);
        }
        Interval interval = ConfidenceIntervals.ofFrequency(0, days);
        return new Value(0, 0.0, interval.lower(), interval.upper(), null, true, null);
    }

    /** Returns a metric of a rolling window or a period. */
    static Value of(Metric metric, DeliveryMetrics metrics) {
        return switch (metric) {
            case CHANGE_LEAD_TIME -> {
                var found = metrics.changeLeadTime();
                yield of(metric, found.n(), found.medianMs(), found.medianInterval(), found.p90Ms());
            }
            case DEPLOYMENT_FREQUENCY -> {
                var found = metrics.deploymentFrequency();
                yield of(metric, found.count(), found.perDay(), found.perDayInterval(), null);
            }
            case CHANGE_FAIL_RATE -> {
                var found = metrics.changeFailRate();
                yield of(metric, found.n(), found.value(), found.interval(), null);
            }
            case FAILED_DEPLOYMENT_RECOVERY_TIME -> {
                var found = metrics.failedDeploymentRecoveryTime();
                yield of(metric, found.n(), found.medianMs(), found.medianInterval(), found.p90Ms());
            }
            case DEPLOYMENT_REWORK_RATE -> {
                var found = metrics.deploymentReworkRate();
                yield of(metric, found.n(), found.value(), found.interval(), null);
            }
            case PULL_REQUEST_LEAD_TIME -> {
                var found = metrics.pullRequestLeadTime();
                yield of(metric, found.n(), found.medianMs(), found.medianInterval(), found.p90Ms());
            }
            case DEPLOYMENT_SUCCESS_RATE -> {
                var found = metrics.deploymentSuccessRate();
                yield of(metric, found.n(), found.value(), found.interval(), null);
            }
            case MEAN_TIME_TO_DEPLOY -> {
                var found = metrics.meanTimeToDeploy();
                yield of(metric, found.n(), found.meanMs(), null, found.p90Ms());
            }
        };
    }

    private static Value of(
            Metric metric, int n, @Nullable Double value, @Nullable Interval interval, @Nullable Double p90) {
        return new Value(
                n,
                value,
                interval == null ? null : interval.lower(),
                interval == null ? null : interval.upper(),
                p90,
                n < FEW,
                value == null ? metric.absence() : null);
    }
}
