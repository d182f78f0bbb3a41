package dev.sluice.canary.evidence;

/**
 * How many requests of both arms were slower than a threshold, each arm's own, in one bucket of time.
 *
 * @param baselineSlow of the baseline's requests, those above the threshold v
 * @param baselineRequests all of the baseline's
 * @param canarySlow of the canary's requests, those above the threshold T, which is v and what is allowed on top
 * @param canaryRequests all of the canary's
 */
public record ExceedanceBucket(long baselineSlow, long baselineRequests, long canarySlow, long canaryRequests) {
    public ExceedanceBucket {
        if (baselineSlow < 0 || baselineSlow > baselineRequests) {
            throw new IllegalArgumentException("baseline: " + baselineSlow + " of " + baselineRequests);
        }
        if (canarySlow < 0 || canarySlow > canaryRequests) {
            throw new IllegalArgumentException("canary: " + canarySlow + " of " + canaryRequests);
        }
    }

    /** Returns whether both arms had requests: otherwise the bucket says nothing. */
    public boolean isTwoArmed() {
        return baselineRequests > 0 && canaryRequests > 0;
    }

    /** Returns the same counts as a ratio. */
    public RatioBucket toRatio() {
        return new RatioBucket(baselineSlow, baselineRequests, canarySlow, canaryRequests);
    }
}
