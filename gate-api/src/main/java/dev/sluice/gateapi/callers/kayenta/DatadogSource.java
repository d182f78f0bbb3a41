package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import dev.sluice.sources.metrics.pull.DatadogRangeClient;
import dev.sluice.sources.metrics.pull.MetricQuery;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A Datadog of the file of sources. As in Kayenta a template is the whole query, and without one the query is the name of the metric
 * with the scope in braces; values are of the intervals that Datadog takes, whatever the step of the scope is.
 *
 * @param name its name there
 * @param client asks it
 * @param clock tells since when metrics must have had values to be listed
 */
record DatadogSource(String name, DatadogRangeClient client, Clock clock) implements MetricSource {
    /** What Kayenta calls its type. */
    static final String TYPE = "datadog";

    private static final Duration LISTED = Duration.ofHours(1);

    @Override
    public Question question(KayentaConfig config, KayentaConfig.Metric metric, ArmScope arm) {
        String query = query(config, metric, arm.scope());
        var range = new MetricQuery(query, arm.scope().start(), arm.scope().end());
        return new Question(query, () -> client.query(range, MetricFetch.LIMITS));
    }

    private static String query(KayentaConfig config, KayentaConfig.Metric metric, Scope scope) {
        var template = new QueryTemplate(metric, scope.parameters());
        template.requireType(TYPE);
        if (Judges.isSluices(config)) {
            throw template.problem("the judge " + SluiceJudge.NAME
                    + " needs a value of each step of the scope, and Datadog takes intervals of its own");
        }
        String whole = template.text(Members.of(config.document()));
        return whole.isBlank() ? template.metricName() + "{" + template.safe("scope") + "}" : whole;
    }

    @Override
    public CompletableFuture<List<String>> names() {
        return client.names(clock.instant().minus(LISTED));
    }
}
