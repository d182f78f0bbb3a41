package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import dev.sluice.store.Queries.RowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A query of one tenant's rows: the only way to read a table or view that has tenants. Values are parameters. */
final class TenantQuery {
    private final StringBuilder sql;
    private final List<Object> parameters = new ArrayList<>();

    private TenantQuery(String beginning, String tenant) {
        this.sql = new StringBuilder(beginning);
        parameters.add(requireNonNull(tenant, "tenant"));
    }

    /**
     * Begins a query.
     *
     * @param selectFrom {@code SELECT … FROM …}, one source
     * @param tenant whose rows
     */
    static TenantQuery of(String selectFrom, String tenant) {
        return new TenantQuery(selectFrom + " WHERE tenant = ?", tenant);
    }

    /**
     * Begins a query of a view with parameters, of which the tenant is one.
     *
     * @param selectFrom {@code SELECT … FROM …}, one view
     * @param tenant whose rows
     * @param parameters the other parameters of the view, by their names
     */
    static TenantQuery ofView(String selectFrom, String tenant, Map<String, ?> parameters) {
        var arguments = new StringBuilder("(tenant = ?");
        parameters.keySet().forEach(name -> arguments.append(", ").append(name).append(" = ?"));
        var query = new TenantQuery(selectFrom + arguments + ") WHERE true", tenant);
        query.parameters.addAll(parameters.values());
        return query;
    }

    /**
     * Adds a condition.
     *
     * @param condition the condition, with a {@code ?} for each value
     * @param values the values
     */
    TenantQuery and(String condition, Object... values) {
        sql.append(" AND ").append(condition);
        for (Object value : values) {
            parameters.add(requireNonNull(value, condition));
        }
        return this;
    }

    /** Ends the query, e.g. {@code ORDER BY start}, and returns its rows. */
    <T> List<T> rows(Queries queries, String end, RowReader<T> row) {
        return queries.rows(sql.append(' ').append(end).toString(), parameters, row);
    }
}
