package dev.sluice.store;

import dev.sluice.dora.PeriodRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what a self-check compares: periods that the stream has published, and the same added up from facts. */
public final class SelfCheckReader {
    private final Queries queries;

    SelfCheckReader(Queries queries) {
        this.queries = queries;
    }

    /**
     * What the facts add up to.
     *
     * @param n how many things a metric counts
     * @param value milliseconds, or a share of 1
     */
    public record Recomputed(int n, double value) {}

    /**
     * Returns periods by chance, of all tenants, that have ended.
     *
     * @param count how many at most
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<PeriodRow> sample(int count) {
        return queries.rows(
                "SELECT * FROM dash.periods WHERE NOT provisional ORDER BY rand() LIMIT ?",
                List.of(count),
                DoraReader::period);
    }

    /**
     * Returns a period as it is published now; nothing if it is no longer.
     *
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<PeriodRow> again(PeriodRow period) {
        return TenantQuery.of("SELECT * FROM dash.periods", period.tenant())
                .and("service = ?", period.service())
                .and("environment = ?", period.environment())
                .and("period = ?", period.period().wireName())
                .and("label = ?", period.label())
                .rows(queries, "", DoraReader::period);
    }

    /**
     * Returns the metrics of a period as the facts add up to them; one that there is nothing of is not there.
     *
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public Map<String, Recomputed> recomputed(PeriodRow period) {
        var metrics = new HashMap<String, Recomputed>();
        queries.rows(
                        "SELECT metric, toInt32(n) AS n, value FROM dash.dora_ranges(tenant = ?, scope = 'series',"
                                + " name = ?, environment = ?, `from` = ?, to = ?, bucket = 'range')",
                        List.of(
                                period.tenant(),
                                period.service(),
                                period.environment(),
                                period.start().toString(),
                                period.end().toString()),
                        row -> Map.entry(
                                row.get("metric", String.class),
                                new Recomputed(row.get("n", Integer.class), row.get("value", Double.class))))
                .forEach(metric -> metrics.put(metric.getKey(), metric.getValue()));
        return metrics;
    }
}
