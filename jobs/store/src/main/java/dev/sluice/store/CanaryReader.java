package dev.sluice.store;

import java.util.List;

/** Reads what is kept of canary runs. */
public final class CanaryReader {
    private final Queries queries;

    CanaryReader(Queries queries) {
        this.queries = queries;
    }

    /**
     * Returns the buckets of a run as they were judged, in the order of time, each as the JSON that the job wrote.
     *
     * @param tenant whose run it is
     * @param run the run's id
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<String> buckets(String tenant, String run) {
        return TenantQuery.of("SELECT body FROM sluice.canary_buckets FINAL", tenant)
                .and("run = ?", run)
                .rows(queries, "ORDER BY begin", row -> row.get("body", String.class));
    }
}
