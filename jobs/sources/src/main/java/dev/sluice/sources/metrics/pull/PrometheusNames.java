package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.util.List;

/** Reads the names of metrics that Prometheus answers. */
final class PrometheusNames implements AnswerReader<List<String>> {
    @Override
    public List<String> read(Place body, Credentials.Shown secrets) {
        return PrometheusBody.data(body).list().elements().map(Place::text).toList();
    }

    @Override
    public String problem(Place body) {
        return PrometheusBody.problem(body);
    }
}
