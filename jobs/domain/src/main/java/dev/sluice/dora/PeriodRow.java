package dev.sluice.dora;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The metrics of one calendar period of one (tenant, service, environment).
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param zone the time zone in which days begin
 * @param period WEEK (ISO, from Monday), MONTH or QUARTER
 * @param label e.g. {@code 2024-W07}, {@code 2024-02}, {@code 2024-Q1}
 * @param start first day
 * @param end the day after the last
 * @param provisional whether the period had not ended when the row was computed
 * @param metrics what the period amounts to
 * @param deleted whether nothing happened in the period, or everything that did has been deleted
 * @param computedAt progress (not wall clock) at which the row was computed
 */
public record PeriodRow(
        String tenant,
        String service,
        String environment,
        String zone,
        PeriodKind period,
        String label,
        LocalDate start,
        LocalDate end,
        boolean provisional,
        DeliveryMetrics metrics,
        boolean deleted,
        Instant computedAt) {}
