package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.sources.metrics.pull.PrometheusRangeClient;
import dev.sluice.sources.metrics.pull.RangeQuery;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A Prometheus of the file of sources.
 *
 * @param name its name there
 * @param client asks it
 */
record PrometheusSource(String name, PrometheusRangeClient client) implements MetricSource {
    @Override
    public Question question(KayentaConfig config, KayentaConfig.Metric metric, ArmScope arm) {
        String query = PrometheusQuery.of(config, metric, arm.scope());
        var range = new RangeQuery(
                query, arm.scope().start(), arm.scope().end(), arm.scope().step());
        return new Question(query, () -> client.query(range, MetricFetch.LIMITS));
    }

    @Override
    public CompletableFuture<List<String>> names() {
        return client.names();
    }
}
