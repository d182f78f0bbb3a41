package dev.sluice.dora;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * The rolling windows of one (tenant, service, environment): what the gate answers from.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param zone the time zone in which days begin
 * @param asOfDay the local day that the windows end with; it counts and is provisional
 * @param windows one for each of 7, 30 and 90 days
 * @param deleted whether nothing was ever deployed or checked here and nothing went wrong, or all of that has been deleted
 * @param computedAt progress (not wall clock) at which the row was computed
 */
public record DoraRow(
        String tenant,
        String service,
        String environment,
        String zone,
        LocalDate asOfDay,
        List<WindowMetrics> windows,
        boolean deleted,
        Instant computedAt) {
    public DoraRow {
        windows = List.copyOf(windows);
    }

    /**
     * The metrics of one rolling window.
     *
     * @param days length in local days
     * @param from first day
     * @param to last day, inclusive
     * @param metrics what they amount to
     */
    public record WindowMetrics(int days, LocalDate from, LocalDate to, DeliveryMetrics metrics) {}
}
