package dev.sluice.store;

import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
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

    static PeriodRow period(Row row) throws SQLException {
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
                MetricsOfRow.read(row),
                false,
                row.get("computed_at", Instant.class));
    }
}
