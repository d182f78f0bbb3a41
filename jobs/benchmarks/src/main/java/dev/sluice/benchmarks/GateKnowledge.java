package dev.sluice.benchmarks;

import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.EvaluationInput.Artifact;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.canary.CanaryFindings;
import dev.sluice.gateapi.canary.CanaryRuns;
import dev.sluice.gateapi.governance.EvidenceView;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.ViewReader;
import dev.sluice.gateapi.views.Views;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** What the gate API knows, read from the same topics by the same code: for decisions that nobody logs. */
final class GateKnowledge implements AutoCloseable {
    private final Views views = new Views(Clock.systemUTC());
    private final EvidenceView evidence = new EvidenceView(views, new CanaryFindings(new CanaryRuns(views), views));
    private final ViewReader reader;

    /**
     * Begins to read.
     *
     * @param bootstrap where Kafka is, with all topics
     */
    GateKnowledge(String bootstrap) {
        reader = new ViewReader(
                bootstrap, views, Clock.systemUTC(), () -> {}, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        reader.start();
    }

    /**
     * Returns what a decision is made of.
     *
     * @param gate the gate's name
     * @param service which service
     * @param environment where it would go
     * @param artifact what would go there
     * @param policies all policies
     * @param now the moment
     */
    EvaluationInput input(
            String gate, String service, String environment, Artifact artifact, List<Policy> policies, Instant now) {
        var row = views.dora(GateData.TENANT, service, environment);
        Evidence known = evidence.of(
                new EvidenceView.Question(GateData.TENANT, service, environment, artifact, null),
                Policy.inForce(policies, gate, environment),
                now);
        return new EvaluationInput(
                gate,
                service,
                environment,
                artifact,
                row.map(Held::row).orElse(null),
                views.current(GateData.TENANT, service, environment)
                        .map(Held::row)
                        .orElse(null),
                views.missing().isEmpty() ? views.age(row, now).orElse(null) : null,
                known);
    }

    @Override
    public void close() {
        reader.close();
    }
}
