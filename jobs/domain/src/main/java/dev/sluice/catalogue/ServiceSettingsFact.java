package dev.sluice.catalogue;

import java.time.Instant;

/**
 * What is set for a service, as readers see it.
 *
 * @param tenant whose data
 * @param service the service
 * @param zone the time zone in which its days begin, also where it is the usual one
 * @param linkWindowMs its link window in milliseconds, also where it is the usual one
 * @param deleted whether nothing is set any more
 * @param computedAt progress at which it was so
 */
public record ServiceSettingsFact(
        String tenant, String service, String zone, long linkWindowMs, boolean deleted, Instant computedAt) {}
