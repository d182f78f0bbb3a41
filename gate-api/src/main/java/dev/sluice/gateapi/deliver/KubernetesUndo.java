package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

/**
 * Undoes a rollout of Kubernetes as its own tools do it: the template of the ReplicaSet of the earlier version takes the place of the
 * present one. The image of one container tells which version a template is of.
 *
 * <p>The change is a JSON patch that tests the version of the object that was read: Kubernetes answers 422 or 409 where it has changed meanwhile, and the
 * next attempt reads it again.
 */
abstract class KubernetesUndo extends Conversation {
    static final String CONTAINER = "container";
    private static final String NO_CONTAINER = "its template has no container of the name that was set up";
    private static final String TOO_MANY = "it has more ReplicaSets than are looked through";
    private static final int MOST_SETS = 50;
    private static final String TEMPLATE = "/spec/template";

    private final String hashLabel;

    /**
     * Creates one.
     *
     * @param hashLabel the label that the controller adds to templates of its ReplicaSets
     */
    KubernetesUndo(String hashLabel) {
        this.hashLabel = hashLabel;
    }

    @Override
    final Map<String, String> headers(String token) {
        return Map.of("Accept", "application/json", "Authorization", "Bearer " + token);
    }

    /** Returns the path of what has the template. */
    abstract String path(Endpoint endpoint);

    @Override
    final CompletableFuture<Answer> tell(Endpoint endpoint, Wanted wanted, Talk talk) {
        return talk.read(path(endpoint), Talk.OBJECT, workload -> {
            if (!isText(workload.at("/metadata/resourceVersion")) || !isText(workload.at("/metadata/uid"))) {
                return Talk.notUnderstood();
            }
            Optional<Artifact> present = artifact(workload.at(TEMPLATE), endpoint.setting(CONTAINER));
            if (present.isEmpty()) {
                return Talk.refused(NO_CONTAINER);
            }
            if (wanted.target().isSameAs(present.get())) {
                return isThere();
            }
            if (!wanted.leaving().isSameAs(present.get())) {
                return Talk.refused(FENCED);
            }
            return change(endpoint, wanted, workload, talk);
        });
    }

    /** Changes what was read, and is what the order expects. */
    abstract CompletableFuture<Answer> change(Endpoint endpoint, Wanted wanted, JsonNode workload, Talk talk);

    /** Puts the template of the earlier version in the place of the present one. */
    final CompletableFuture<Answer> undo(Endpoint endpoint, Wanted wanted, JsonNode workload, Talk talk) {
        Optional<String> selector = LabelSelector.of(workload.at("/spec/selector"));
        if (selector.isEmpty()) {
            return Talk.notUnderstood();
        }
        String sets = "/apis/apps/v1/namespaces/" + endpoint.setting("namespace") + "/replicasets?labelSelector="
                + Talk.encoded(selector.get()) + "&limit=" + MOST_SETS;
        return talk.read(sets, Talk.LIST, list -> {
            if (!list.path("items").isArray()) {
                return Talk.notUnderstood();
            }
            if (!list.at("/metadata/continue").asText("").isEmpty()) {
                return Talk.refused(TOO_MANY);
            }
            String container = endpoint.setting(CONTAINER);
            List<JsonNode> templates = StreamSupport.stream(list.path("items").spliterator(), false)
                    .filter(set -> isOwnedBy(workload.at("/metadata/uid").asText(), set))
                    .map(set -> set.at(TEMPLATE))
                    .filter(template -> artifact(template, container)
                            .filter(wanted.target()::isSameAs)
                            .isPresent())
                    .map(this::withoutHash)
                    .toList();
            return withTheOne(
                    templates,
                    template -> template,
                    template -> talk.write(
                            "PATCH",
                            path(endpoint),
                            "application/json-patch+json",
                            Json.bytes(patch(workload, template)),
                            Outcome.ACKNOWLEDGED));
        });
    }

    private static boolean isText(JsonNode node) {
        return node.isTextual() && !node.asText().isEmpty();
    }

    private static boolean isOwnedBy(String uid, JsonNode set) {
        return StreamSupport.stream(set.at("/metadata/ownerReferences").spliterator(), false)
                .anyMatch(owner -> owner.path("uid").asText().equals(uid)
                        && owner.path("controller").asBoolean());
    }

    private static Optional<Artifact> artifact(JsonNode template, String container) {
        return StreamSupport.stream(template.at("/spec/containers").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(container))
                .findFirst()
                .map(found -> Artifact.ofImage(found.path("image").asText()));
    }

    private JsonNode withoutHash(JsonNode template) {
        JsonNode copy = template.deepCopy();
        if (copy.at("/metadata/labels") instanceof ObjectNode labels) {
            labels.remove(hashLabel);
        }
        return copy;
    }

    private static ArrayNode patch(JsonNode workload, JsonNode template) {
        ArrayNode patch = Json.mapper().createArrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .put("value", workload.at("/metadata/resourceVersion").asText());
        patch.addObject().put("op", "replace").put("path", TEMPLATE).set("value", template);
        return patch;
    }
}
