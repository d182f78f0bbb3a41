package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.Series;
import org.jspecify.annotations.Nullable;

/**
 * The latest order to roll a service back in an environment: a row of {@link Topic#ROLLBACKS}.
 *
 * @param tenant whose service
 * @param service the service
 * @param environment the environment
 * @param order the order; null where it is over for long
 * @param deleted whether there is none
 */
public record RollbackRow(
        String tenant,
        String service,
        String environment,
        @Nullable RollbackOrder order,
        boolean deleted) {
    public RollbackRow {
        requireNonNull(tenant, "tenant");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        if (deleted != (order == null)) {
            throw new IllegalArgumentException("a row is deleted where there is no order, and only there");
        }
    }

    /** Returns the row of a series. */
    public static RollbackRow of(Series series, @Nullable RollbackOrder order) {
        return new RollbackRow(series.tenant(), series.service(), series.environment(), order, order == null);
    }

    /** Returns what it is about. */
    public Series series() {
        return new Series(tenant, service, environment);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, service, environment);
    }
}
