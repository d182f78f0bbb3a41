package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

/**
 * The evidence of a metric in two numbers.
 *
 * @param metric which one
 * @param decisive whether it may decide anything: a gauge without history may not
 * @param fail ln of the evidence that the canary is beyond the tolerance; -infinity for none at all
 * @param pass ln of the evidence that it is not beyond the margin
 */
public record LogEvidence(MetricConfig metric, boolean decisive, double fail, double pass) {
    public LogEvidence {
        requireNonNull(metric, "metric");
    }

    /** Returns whether it counts for a failure. */
    boolean canFail() {
        return decisive && !metric.standing().isAdvisory();
    }

    /** Returns whether it is a gauge, whose evidence rests on a model. */
    boolean isModelled() {
        return metric instanceof MetricConfig.Gauge;
    }

    /** Returns whether it is no number. */
    boolean isBroken() {
        return Double.isNaN(fail) || Double.isNaN(pass);
    }

    /** Returns whether it is no number, and a run cannot be judged without it. */
    boolean endsTheRun() {
        return isBroken() && (canFail() || metric.standing().required());
    }
}
