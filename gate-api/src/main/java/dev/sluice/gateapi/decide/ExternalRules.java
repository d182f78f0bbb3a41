package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.Evidence.ExternalAnswer;
import dev.sluice.gate.Evidence.ExternalAnswer.Meaning;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.ExternalRequirement;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.deliver.OpenPolicyAgent;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks the other services that the rules of a gate name, before it is judged: the answers are evidence, and kept with the decision. */
final class ExternalRules {
    /** More are not asked for one decision, and count as missing. */
    private static final int MOST = 10;

    private final Views views;
    private final OpenPolicyAgent agents;
    private final Executor answers;

    /**
     * Creates it.
     *
     * @param views the endpoints
     * @param agents asks
     * @param answers runs what follows
     */
    ExternalRules(Views views, OpenPolicyAgent agents, Executor answers) {
        this.views = views;
        this.agents = agents;
        this.answers = answers;
    }

    /**
     * Asks, all at once. Where no rule names another service there is nothing to wait for.
     *
     * @param policies in force for the gate
     * @param asked what is asked
     * @param asker who asks
     */
    CompletableFuture<List<ExternalAnswer>> ask(List<Policy> policies, GateRequest asked, DecisionRecord.Asker asker) {
        List<CompletableFuture<ExternalAnswer>> asking = policies.stream()
                .flatMap(policy -> policy.rules().stream())
                .map(rule -> rule instanceof EvidenceRule required ? required.requirement() : null)
                .filter(ExternalRequirement.class::isInstance)
                .map(ExternalRequirement.class::cast)
                .map(required -> new Asked(required.endpoint(), required.path()))
                .distinct()
                .limit(MOST)
                .map(one -> ask(one, asked, asker))
                .toList();
        return asking.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : CompletableFuture.allOf(asking.toArray(CompletableFuture<?>[]::new))
                        .thenApplyAsync(
                                done -> asking.stream()
                                        .map(CompletableFuture::join)
                                        .toList(),
                                answers);
    }

    private CompletableFuture<ExternalAnswer> ask(Asked one, GateRequest asked, DecisionRecord.Asker asker) {
        return views.control(asker.tenant(), Control.ENDPOINT, one.endpoint())
                .map(held -> agents.ask(
                        asker.tenant(), one.endpoint(), Endpoint.of(held.row()), one.path(), input(asked, asker)))
                .orElseGet(() -> CompletableFuture.completedFuture(new ExternalAnswer(
                        one.endpoint(), one.path(), Meaning.UNREACHABLE, "there is no such endpoint")));
    }

    private static ObjectNode input(GateRequest asked, DecisionRecord.Asker asker) {
        ObjectNode input = Json.mapper()
                .createObjectNode()
                .put("gate", asked.gate())
                .put("service", asked.service())
                .put("environment", asked.environment())
                .put("asker", asker.owner());
        input.set("artifact", Json.mapper().valueToTree(asked.artifact()));
        return input;
    }

    /** What is asked whom. */
    private record Asked(String endpoint, String path) {}
}
