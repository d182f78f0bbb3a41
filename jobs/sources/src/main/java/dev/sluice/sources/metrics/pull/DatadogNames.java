package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.util.List;

/** Reads the names of metrics that Datadog answers. */
final class DatadogNames implements AnswerReader<List<String>> {
    @Override
    public List<String> read(Place body, Credentials.Shown secrets) {
        return body.object().at("metrics").list().elements().map(Place::text).toList();
    }

    @Override
    public String problem(Place body) {
        return DatadogBody.problem(body);
    }

    @Override
    public List<String> retryHeaders() {
        return DatadogBody.RETRY_HEADERS;
    }
}
