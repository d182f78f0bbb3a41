package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Rolls an application of Argo CD back to an entry of its history. What was deployed last is the newest entry, and not {@code status.sync.revision}, which is the
 * newest commit that Argo CD has seen, deployed or not. The request has no condition; Argo CD does one operation at a time, and one
 * that is under way to the same revision counts as done.
 */
final class ArgoCd extends Conversation {
    private static final String AUTOMATED =
            "Argo CD does not roll back an application with auto-sync (spec.syncPolicy.automated), and would undo it";
    private static final String BUSY = "another operation of the application is under way";

    @Override
    Map<String, String> headers(String token) {
        return Map.of("Accept", "application/json", "Authorization", "Bearer " + token);
    }

    @Override
    CompletableFuture<Answer> tell(Endpoint endpoint, Wanted wanted, Talk talk) {
        if (wanted.isAbort()) {
            return Talk.refused(NO_CANARY);
        }
        String path = "/api/v1/applications/" + endpoint.setting("application");
        return talk.read(path, Talk.LIST, application -> {
            if (!application.path("spec").isObject()) {
                return Talk.notUnderstood();
            }
            List<JsonNode> history = history(application);
            JsonNode operation = operation(application);
            if (operation.isMissingNode() ? isLast(history, wanted.target()) : isTo(operation, wanted.target())) {
                return isThere();
            }
            if (!operation.isMissingNode()) {
                return Talk.end(Outcome.FAILED, BUSY);
            }
            if (!isLast(history, wanted.leaving())) {
                return Talk.refused(FENCED);
            }
            JsonNode automated = application.at("/spec/syncPolicy/automated");
            if (automated.isObject() && automated.path("enabled").asBoolean(true)) {
                return Talk.refused(AUTOMATED);
            }
            return withTheOne(
                    history.stream().filter(of(wanted.target())).toList(),
                    ArgoCd::deployed,
                    entry -> talk.write(
                            "POST",
                            path + "/rollback",
                            "application/json",
                            Json.bytes(Json.mapper()
                                    .createObjectNode()
                                    .put("id", entry.path("id").asLong())),
                            Outcome.ACKNOWLEDGED));
        });
    }

    private static List<JsonNode> history(JsonNode application) {
        return StreamSupport.stream(application.at("/status/history").spliterator(), false)
                .filter(entry -> entry.path("id").isIntegralNumber())
                .sorted(Comparator.comparingLong(
                                (JsonNode entry) -> entry.path("id").asLong())
                        .reversed())
                .toList();
    }

    /** Returns what is asked for or under way; missing where nothing is. */
    private static JsonNode operation(JsonNode application) {
        if (application.path("operation").isObject()) {
            return application.path("operation");
        }
        JsonNode state = application.at("/status/operationState");
        return state.path("phase").asText().equals("Running") ? state.path("operation") : MissingNode.getInstance();
    }

    private static boolean isLast(List<JsonNode> history, Artifact artifact) {
        return !history.isEmpty() && of(artifact).test(history.get(0));
    }

    private static boolean isTo(JsonNode operation, Artifact target) {
        return of(target).test(operation.path("sync"));
    }

    /** By the commit where the order has one, else by the version: of a chart, or the name of a tag. */
    private static Predicate<JsonNode> of(Artifact artifact) {
        return entry -> artifact.sha() == null
                ? Stream.concat(
                                revisions(entry),
                                Stream.of(entry.at("/source/targetRevision").asText()))
                        .anyMatch(revision -> revision.equals(artifact.version()))
                : revisions(entry).anyMatch(artifact.sha().toLowerCase(Locale.ROOT)::equals);
    }

    private static Stream<String> revisions(JsonNode entry) {
        return Stream.concat(
                        Stream.of(entry.path("revision")),
                        StreamSupport.stream(entry.path("revisions").spliterator(), false))
                .map(JsonNode::asText);
    }

    /** Two entries of the same revisions and sources have deployed the same. */
    private static JsonNode deployed(JsonNode entry) {
        ObjectNode deployed = Json.mapper().createObjectNode();
        for (String part : List.of("revision", "revisions", "source", "sources")) {
            deployed.set(part, entry.path(part));
        }
        return deployed;
    }
}
