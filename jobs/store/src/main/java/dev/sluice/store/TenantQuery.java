package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import dev.sluice.store.Queries.RowReader;
import java.util.ArrayList;
import java.util.List;

/** A query of one tenant's rows: the only way to read a table or view that has tenants. Values are parameters. */
final class TenantQuery {
    private final StringBuilder sql;
    private final List<Object> parameters = new ArrayList<>();

    private TenantQuery(String selectFrom, String tenant) {
        this.sql = new StringBuilder(selectFrom).append(" WHERE tenant = ?");
        parameters.add(requireNonNull(tenant, "tenant"));
    }

    /**
     * Begins a query.
     *
     * @param selectFrom {@code SELECT … FROM …}, one source
     * @param tenant whose rows
     */
    static TenantQuery of(String selectFrom, String tenant) {
        return new TenantQuery(selectFrom, tenant);
    }

    /**
     * Adds a condition.
     *
     * @param condition the condition, with one {@code ?}
     * @param value the value that the {@code ?} stands for
     */
    TenantQuery and(String condition, Object value) {
        sql.append(" AND ").append(condition);
        parameters.add(requireNonNull(value, condition));
        return this;
    }

    /** Ends the query, e.g. {@code ORDER BY start}, and returns its rows. */
    <T> List<T> rows(Queries queries, String end, RowReader<T> row) {
        return queries.rows(sql.append(' ').append(end).toString(), parameters, row);
    }
}
