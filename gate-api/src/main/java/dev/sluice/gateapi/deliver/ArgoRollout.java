package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.util.concurrent.CompletableFuture;

/**
 * Ends the canary of a Rollout of Argo, or goes back from what is rolled out as {@code kubectl argo rollouts undo} does it. The canary is ended by a
 * merge patch of the status that holds for the version of the object that was read.
 */
final class ArgoRollout extends KubernetesUndo {
    private static final String ENDED = "the canary is ended already";
    private static final String PROMOTED = "the canary has taken the place of what ran";

    ArgoRollout() {
        super("rollouts-pod-template-hash");
    }

    @Override
    String path(Endpoint endpoint) {
        return "/apis/argoproj.io/v1alpha1/namespaces/" + endpoint.setting("namespace") + "/rollouts/"
                + endpoint.setting("rollout");
    }

    @Override
    CompletableFuture<Answer> change(Endpoint endpoint, Wanted wanted, JsonNode workload, Talk talk) {
        return wanted.isAbort() ? abort(endpoint, workload, talk) : undo(endpoint, wanted, workload, talk);
    }

    private CompletableFuture<Answer> abort(Endpoint endpoint, JsonNode rollout, Talk talk) {
        JsonNode status = rollout.path("status");
        if (status.path("abort").asBoolean()) {
            return Talk.end(Outcome.ACKNOWLEDGED, ENDED);
        }
        String stable = status.path("stableRS").asText("");
        if (!stable.isEmpty() && stable.equals(status.path("currentPodHash").asText(""))) {
            return Talk.refused(PROMOTED);
        }
        ObjectNode patch = Json.mapper().createObjectNode();
        patch.putObject("metadata")
                .put("resourceVersion", rollout.at("/metadata/resourceVersion").asText());
        patch.putObject("status").put("abort", true);
        return talk.write(
                "PATCH",
                path(endpoint) + "/status",
                "application/merge-patch+json",
                Json.bytes(patch),
                Outcome.ACKNOWLEDGED);
    }
}
