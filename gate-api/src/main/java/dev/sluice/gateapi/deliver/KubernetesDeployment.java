package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;

/**
 * Rolls a Deployment of Kubernetes back as {@code kubectl rollout undo} does it. A canary that is to be ended is a rollout that is under way, and ends
 * by the same.
 */
final class KubernetesDeployment extends KubernetesUndo {
    private static final String PAUSED = "the Deployment is paused: what is set there is not rolled out";

    KubernetesDeployment() {
        super("pod-template-hash");
    }

    @Override
    String path(Endpoint endpoint) {
        return "/apis/apps/v1/namespaces/" + endpoint.setting("namespace") + "/deployments/"
                + endpoint.setting("deployment");
    }

    @Override
    CompletableFuture<Answer> change(Endpoint endpoint, Wanted wanted, JsonNode workload, Talk talk) {
        return workload.at("/spec/paused").asBoolean() ? Talk.refused(PAUSED) : undo(endpoint, wanted, workload, talk);
    }
}
