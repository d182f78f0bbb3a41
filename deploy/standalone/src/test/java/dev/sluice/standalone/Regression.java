package dev.sluice.standalone;

import java.time.Duration;

/**
 * What is wrong with the two versions of a {@link CanaryTraffic}. Shares are from 0 to 1 and hold to 0.0001; each request has
 * its own chance.
 *
 * @param baselineErrors the share of the baseline's requests that are answered with 500
 * @param canaryErrors the share of the canary's requests that are answered with 500
 * @param canarySlow the share of the canary's requests that take longer, failed or not
 * @param slowness by how much they take longer: 0 or more, to the millisecond
 */
record Regression(double baselineErrors, double canaryErrors, double canarySlow, Duration slowness) {
    Regression {
        requireShare("baselineErrors", baselineErrors);
        requireShare("canaryErrors", canaryErrors);
        requireShare("canarySlow", canarySlow);
        if (slowness.isNegative()) {
            throw new IllegalArgumentException("slowness must not be negative, is " + slowness);
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("%s must be from 0 to 1, is %s".formatted(name, share));
        }
    }
}
