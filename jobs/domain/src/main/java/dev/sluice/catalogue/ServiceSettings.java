package dev.sluice.catalogue;

import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is set for a service.
 *
 * @param zone the time zone in which its days begin; null for the usual one
 * @param linkWindow how long after a deployment an incident is taken for its failure where nothing else links it; null for
 *     the usual three days
 */
public record ServiceSettings(
        @Nullable ZoneId zone, @Nullable Duration linkWindow) {
    /** All as usual. */
    public static final ServiceSettings USUAL = new ServiceSettings(null, null);
}
