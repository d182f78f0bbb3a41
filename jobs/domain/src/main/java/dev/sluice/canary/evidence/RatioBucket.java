package dev.sluice.canary.evidence;

/**
 * How often something happened in both arms in one bucket of time.
 *
 * @param baselineEvents a sum of values from 0 to 1, one of each request; or a number of events in some time
 * @param baselineExposure requests, or seconds that pods were up; from 0 to 1e15, as all of them
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

    /** Beyond it sums would no longer be exact. */
    private static final double MOST = 1e15;

    private static void requireAmount(String name, double value) {
        if (!(value >= 0 && value <= MOST)) { // NaN too
            throw new IllegalArgumentException(name + " must be from 0 to 1e15, is " + value);
        }
    }

    /** Returns whether there are no more events than were exposed, in either arm. */
    public boolean isOfShares() {
        return baselineEvents <= baselineExposure && canaryEvents <= canaryExposure;
    }

    @Override
    public boolean hasBaseline() {
        return baselineExposure > 0;
    }

    @Override
    public boolean hasCanary() {
        return canaryExposure > 0;
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
