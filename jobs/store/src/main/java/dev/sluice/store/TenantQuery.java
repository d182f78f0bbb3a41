package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A query of one tenant's rows: the only way to read a table or view that has tenants. Values are parameters. */
final class TenantQuery {
    private final StringBuilder sql;
    private final Map<String, Object> parameters = new HashMap<>();

    private TenantQuery(String selectFrom, String tenant) {
        this.sql = new StringBuilder(selectFrom).append(" WHERE tenant = {tenant:String}");
        parameters.put("tenant", requireNonNull(tenant, "tenant"));
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
     * @param condition the condition, which names its parameter as {@code {name:Type}}
     * @param name the parameter
     * @param value its value
     */
    TenantQuery and(String condition, String name, Object value) {
        sql.append(" AND ").append(condition);
        parameters.put(name, value);
        return this;
    }

    /** Ends the query, e.g. {@code ORDER BY start}, and returns its rows. */
    List<JsonNode> rows(Database database, String end) {
        return database.query(sql.append(' ').append(end).toString(), parameters);
    }
}
