package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.evidence.Allowance;
import java.util.List;

/** What must be true of every {@link MetricConfig}. */
final class MetricRules {
    private static final double LEAST_QUANTILE = 1e-6;

    private MetricRules() {}

    static void require(String name, Direction direction, Allowance tolerance, Allowance margin, Standing standing) {
        requireNonNull(name, "name");
        requireNonNull(direction, "direction");
        requireNonNull(standing, "standing");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a metric needs a name");
        }
        boolean notLess = margin.relative() >= tolerance.relative() && margin.absolute() >= tolerance.absolute();
        boolean greater = margin.relative() > tolerance.relative() || margin.absolute() > tolerance.absolute();
        if (!notLess || !greater) {
            throw new IllegalArgumentException(name + ": the margin (" + margin.relative() + " relative, "
                    + margin.absolute() + " absolute) must be at least the tolerance (" + tolerance.relative()
                    + " relative, " + tolerance.absolute() + " absolute) in both parts, and above it in one");
        }
    }

    static void requireRelative(String name, Allowance tolerance, Allowance margin) {
        if (tolerance.absolute() != 0 || margin.absolute() != 0) {
            throw new IllegalArgumentException(name + ": tolerance and margin are relative here, not absolute");
        }
    }

    static List<Double> quantiles(String name, List<Double> quantiles) {
        if (quantiles.isEmpty()) {
            throw new IllegalArgumentException(name + ": at least one quantile is needed");
        }
        for (double quantile : quantiles) {
            if (!(quantile >= LEAST_QUANTILE && quantile <= 1 - LEAST_QUANTILE)) {
                throw new IllegalArgumentException(name + ": a quantile is from 0.000001 to 0.999999, not " + quantile);
            }
        }
        return quantiles.stream().distinct().sorted().toList();
    }
}
