package dev.sluice.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the contract views say of delivery metrics. */
public final class DoraReader {
    private final Database database;

    DoraReader(Database database) {
        this.database = database;
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
                .and("service = {service:String}", "service", service)
                .and("environment = {environment:String}", "environment", environment)
                .and("period = {period:String}", "period", kind.wireName());
        if (from != null) {
            query.and("end > {from:Date32}", "from", from.toString());
        }
        if (to != null) {
            query.and("start <= {to:Date32}", "to", to.toString());
        }
        return query.rows(database, "ORDER BY start").stream()
                .map(DoraReader::period)
                .toList();
    }

    /**
     * Returns the moment before which everything that was received is stored; empty before the first report.
     *
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public Optional<Instant> storedThrough() {
        return database.query("SELECT stored_through FROM dash.freshness", Map.of()).stream()
                .map(row -> row.path("stored_through"))
                .filter(JsonNode::isTextual)
                .map(through -> Instant.parse(through.textValue()))
                .findFirst();
    }

    private static PeriodRow period(JsonNode row) {
        return new PeriodRow(
                row.path("tenant").textValue(),
                row.path("service").textValue(),
                row.path("environment").textValue(),
                row.path("zone").textValue(),
                PeriodKind.valueOf(row.path("period").textValue().toUpperCase(Locale.ROOT)),
                row.path("label").textValue(),
                LocalDate.parse(row.path("start").textValue()),
                LocalDate.parse(row.path("end").textValue()),
                row.path("provisional").booleanValue(),
                metrics(row),
                Instant.parse(row.path("computed_at").textValue()));
    }

    private static DeliveryMetrics metrics(JsonNode row) {
        return new DeliveryMetrics(
                new DeploymentFrequency(
                        row.path("deployment_frequency_count").intValue(),
                        row.path("deployment_frequency_per_day").doubleValue(),
                        row.path("deployment_frequency_deploy_days").intValue(),
                        row.path("deployment_frequency_forward").intValue(),
                        row.path("deployment_frequency_config").intValue(),
                        row.path("deployment_frequency_rollback").intValue(),
                        row.path("deployment_frequency_redeploy").intValue()),
                new ChangeLeadTime(
                        row.path("change_lead_time_n").intValue(),
                        number(row.path("change_lead_time_median_ms")),
                        number(row.path("change_lead_time_p90_ms")),
                        row.path("change_lead_time_clock_skew").intValue(),
                        row.path("change_lead_time_range_incomplete").intValue(),
                        row.path("change_lead_time_reason").textValue()),
                new DeploymentSuccessRate(
                        row.path("deployment_success_rate_n").intValue(),
                        number(row.path("deployment_success_rate_value")),
                        row.path("deployment_success_rate_success").intValue(),
                        row.path("deployment_success_rate_failure").intValue(),
                        row.path("deployment_success_rate_cancelled").intValue(),
                        row.path("deployment_success_rate_skipped").intValue(),
                        row.path("deployment_success_rate_timed_out").intValue(),
                        row.path("deployment_success_rate_reason").textValue()));
    }

    private static @Nullable Double number(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : null;
    }
}
