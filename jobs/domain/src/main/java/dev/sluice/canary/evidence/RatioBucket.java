package dev.sluice.canary.evidence;

/**
 * How often something happened in both arms in one bucket of time.
 *
 * @param baselineEvents a sum of values from 0 to 1, one of each request; or a number of events in some time
 * @param baselineExposure requests, or seconds that pods were up; at least 0
 * @param canaryEvents as of the baseline
 * @param canaryExposure as of the baseline
 */
public record RatioBucket(double baselineEvents, double baselineExposure, double canaryEvents, double canaryExposure)
        implements MetricBucket {
    public RatioBucket {
        requireAmount("baselineEvents", baselineEvents);
        requireAmount("baselineExposure", baselineExposure);
        requireAmount("canaryEvents", canaryEvents);
        requireAmount("canaryExposure", canaryExposure);
    }

    private static void requireAmount(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) { // NaN too
            throw new IllegalArgumentException(name + " " + value);
        }
    }

    @Override
    public boolean isTwoArmed() {
        return baselineExposure > 0 && canaryExposure > 0;
    }

    double events() {
        return baselineEvents + canaryEvents;
    }

    double exposure() {
        return baselineExposure + canaryExposure;
    }

    /** Returns the canary's share of the exposure. */
    double canaryShare() {
        return canaryExposure / exposure();
    }
}
