package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.catalogue.ServiceSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

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

    /**
     * Returns a series of a service as it is set.
     *
     * @param tenant whose data
     * @param service the service
     * @param environment the environment
     * @param settings what is set for the service
     * @param usualZone the zone where none is set
     */
    public static ServiceEnvironment of(
            String tenant, String service, String environment, ServiceSettings settings, ZoneId usualZone) {
        ZoneId zone = settings.zone();
        Duration linkWindow = settings.linkWindow();
        return new ServiceEnvironment(
                tenant,
                service,
                environment,
                zone == null ? usualZone : zone,
                linkWindow == null ? LINK_WINDOW : linkWindow);
    }

    /** Returns the day of a moment in the zone; null of no moment. */
    @Nullable
    LocalDate dayOf(@Nullable Instant moment) {
        return moment == null ? null : LocalDate.ofInstant(moment, zone);
    }

    /** Returns how far back from an incident a deployment is looked for: the link window, or a week where that is longer. */
    public Duration horizon() {
        return linkWindow.compareTo(WEEK) > 0 ? linkWindow : WEEK;
    }
}
