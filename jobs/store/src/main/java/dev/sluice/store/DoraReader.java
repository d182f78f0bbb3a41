package dev.sluice.store;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentReworkRate;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import dev.sluice.dora.DeliveryMetrics.MeanTimeToDeploy;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.statistics.Interval;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the contract views say of delivery metrics. */
public final class DoraReader {
    /** The ends of ClickHouse's type Date32. */
    private static final LocalDate FIRST_DAY = LocalDate.of(1900, 1, 1);

    private static final LocalDate LAST_DAY = LocalDate.of(2299, 12, 31);

    private final Queries queries;

    DoraReader(Queries queries) {
        this.queries = queries;
    }

    /**
     * Returns the periods that have data, from the first to the last; a period without data is not among them.
     *
     * @param tenant whose
     * @param service the service
     * @param environment the environment
     * @param kind weeks, months or quarters
     * @param from only periods that end after this day; null for all
     * @param to only periods that begin on or before this day; null for all
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<PeriodRow> periods(
            String tenant,
            String service,
            String environment,
            PeriodKind kind,
            @Nullable LocalDate from,
            @Nullable LocalDate to) {
        TenantQuery query = TenantQuery.of("SELECT * FROM dash.periods", tenant)
                .and("service = ?", service)
                .and("environment = ?", environment)
                .and("period = ?", kind.wireName());
        if (from != null) {
            query.and("end > toDate32(?)", storable(from));
        }
        if (to != null) {
            query.and("start <= toDate32(?)", storable(to));
        }
        return query.rows(queries, "ORDER BY start", DoraReader::period);
    }

    /**
     * Returns the moment before which everything that was received is stored; empty before the first report.
     *
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public Optional<Instant> storedThrough() {
        return queries
                .rows(
                        "SELECT stored_through FROM dash.freshness WHERE isNotNull(stored_through)",
                        List.of(),
                        row -> row.get("stored_through", Instant.class))
                .stream()
                .findFirst();
    }

    /** The nearest day that a column of days can hold: what lies beyond is before or after every period. */
    private static LocalDate storable(LocalDate day) {
        if (day.isBefore(FIRST_DAY)) {
            return FIRST_DAY;
        }
        return day.isAfter(LAST_DAY) ? LAST_DAY : day;
    }

    private static PeriodRow period(Row row) throws SQLException {
        return new PeriodRow(
                row.get("tenant", String.class),
                row.get("service", String.class),
                row.get("environment", String.class),
                row.get("zone", String.class),
                PeriodKind.valueOf(row.get("period", String.class).toUpperCase(Locale.ROOT)),
                row.get("label", String.class),
                row.get("start", LocalDate.class),
                row.get("end", LocalDate.class),
                row.get("provisional", Boolean.class),
                metrics(row),
                false,
                row.get("computed_at", Instant.class));
    }

    private static DeliveryMetrics metrics(Row row) throws SQLException {
        return new DeliveryMetrics(
                new DeploymentFrequency(
                        row.get("deployment_frequency_count", Integer.class),
                        row.get("deployment_frequency_per_day", Double.class),
                        interval(row, "deployment_frequency_per_day"),
                        row.get("deployment_frequency_deploy_days", Integer.class),
                        row.get("deployment_frequency_whole_weeks", Integer.class),
                        row.orNull("deployment_frequency_median_deploy_days_per_week", Double.class),
                        row.orNull("deployment_frequency_median_gap_ms", Double.class),
                        row.get("deployment_frequency_forward", Integer.class),
                        row.get("deployment_frequency_config", Integer.class),
                        row.get("deployment_frequency_rollback", Integer.class),
                        row.get("deployment_frequency_redeploy", Integer.class)),
                new ChangeLeadTime(
                        row.get("change_lead_time_n", Integer.class),
                        row.orNull("change_lead_time_median_ms", Double.class),
                        interval(row, "change_lead_time_median"),
                        row.orNull("change_lead_time_p90_ms", Double.class),
                        row.get("change_lead_time_clock_skew", Integer.class),
                        row.get("change_lead_time_range_incomplete", Integer.class),
                        row.orNull("change_lead_time_reason", String.class)),
                DeliveryMetrics.empty().pullRequestLeadTime(),
                DeliveryMetrics.empty().changeFailRate(),
                DeliveryMetrics.empty().failedDeploymentRecoveryTime(),
                new DeploymentReworkRate(
                        row.get("deployment_rework_rate_n", Integer.class),
                        row.orNull("deployment_rework_rate_value", Double.class),
                        interval(row, "deployment_rework_rate"),
                        row.get("deployment_rework_rate_rework", Integer.class),
                        row.orNull("deployment_rework_rate_reason", String.class)),
                new DeploymentSuccessRate(
                        row.get("deployment_success_rate_n", Integer.class),
                        row.orNull("deployment_success_rate_value", Double.class),
                        interval(row, "deployment_success_rate"),
                        row.get("deployment_success_rate_success", Integer.class),
                        row.get("deployment_success_rate_failure", Integer.class),
                        row.get("deployment_success_rate_cancelled", Integer.class),
                        row.get("deployment_success_rate_skipped", Integer.class),
                        row.get("deployment_success_rate_timed_out", Integer.class),
                        row.orNull("deployment_success_rate_reason", String.class)),
                new MeanTimeToDeploy(
                        row.get("mean_time_to_deploy_n", Integer.class),
                        row.orNull("mean_time_to_deploy_mean_ms", Double.class),
                        row.orNull("mean_time_to_deploy_median_ms", Double.class),
                        interval(row, "mean_time_to_deploy_median"),
                        row.orNull("mean_time_to_deploy_p90_ms", Double.class),
                        row.get("mean_time_to_deploy_without_start", Integer.class),
                        row.get("mean_time_to_deploy_queue_n", Integer.class),
                        row.orNull("mean_time_to_deploy_queue_median_ms", Double.class),
                        row.get("mean_time_to_deploy_success_n", Integer.class),
                        row.orNull("mean_time_to_deploy_time_to_success_median_ms", Double.class),
                        row.orNull("mean_time_to_deploy_reason", String.class)),
                DeliveryMetrics.empty().configurationDrift());
    }

    private static @Nullable Interval interval(Row row, String of) throws SQLException {
        Double lower = row.orNull(of + "_lower", Double.class);
        Double upper = row.orNull(of + "_upper", Double.class);
        return lower == null || upper == null ? null : new Interval(lower, upper);
    }
}
