package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.ZoneId;

/**
 * The series that metrics are about.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param zone the time zone in which its days begin
 * @param linkWindow how long after a deployment an incident is taken for its failure where nothing else links it
 */
public record ServiceEnvironment(String tenant, String service, String environment, ZoneId zone, Duration linkWindow) {
    /** The usual link window: over a weekend. */
    public static final Duration LINK_WINDOW = Duration.ofDays(3);

    /** The longest link window that change fail rate is shown for beside its own. */
    static final Duration WEEK = Duration.ofDays(7);

    public ServiceEnvironment {
        requireNonNull(tenant, "tenant");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(zone, "zone");
        requireNonNull(linkWindow, "linkWindow");
        if (linkWindow.isNegative()) {
            throw new IllegalArgumentException("linkWindow must not be negative: " + linkWindow);
        }
    }

    /** Returns how far back from an incident a deployment is looked for: the link window, or a week where that is longer. */
    public Duration horizon() {
        return linkWindow.compareTo(WEEK) > 0 ? linkWindow : WEEK;
    }
}
