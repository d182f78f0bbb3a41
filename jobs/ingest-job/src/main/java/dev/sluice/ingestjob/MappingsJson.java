package dev.sluice.ingestjob;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of connections as JSON: an object by connection, each with the fields {@code services}, {@code
 * environments} and {@code workflows} of the file of connections.
 */
final class MappingsJson {
    private static final String SERVICES = "services";
    private static final String ENVIRONMENTS = "environments";
    private static final String WORKFLOWS = "workflows";
    private static final Set<String> FIELDS = Set.of(SERVICES, ENVIRONMENTS, WORKFLOWS);
    private static final Set<String> WORKFLOW_FIELDS = Set.of("repository", "workflow", "environment", "service");

    private MappingsJson() {}

    /** Writes them; equal mappings give equal text. */
    static String write(Map<String, ConnectionMapping> mappings) {
        ObjectNode root = Json.mapper().createObjectNode();
        new TreeMap<>(mappings).forEach((connection, mapping) -> {
            ObjectNode node = root.putObject(connection);
            ObjectNode services = node.putObject(SERVICES);
            new TreeMap<>(mapping.services()).forEach(services::put);
            ArrayNode environments = node.putArray(ENVIRONMENTS);
            new TreeSet<>(mapping.environments()).forEach(environments::add);
            ArrayNode workflows = node.putArray(WORKFLOWS);
            for (DeployWorkflow workflow : mapping.workflows()) {
                ObjectNode entry = workflows
                        .addObject()
                        .put("repository", workflow.repository())
                        .put("workflow", workflow.workflow())
                        .put("environment", workflow.environment());
                if (workflow.service() != null) {
                    entry.put("service", workflow.service());
                }
            }
        });
        return root.toString();
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if they are not such JSON
     */
    static Map<String, ConnectionMapping> read(String json) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        requireObject(root, "the mappings");
        var mappings = new HashMap<String, ConnectionMapping>();
        for (Map.Entry<String, JsonNode> connection : root.properties()) {
            mappings.put(connection.getKey(), mapping(connection.getValue(), connection.getKey()));
        }
        return mappings;
    }

    private static ConnectionMapping mapping(JsonNode node, String connection) {
        requireFields(node, connection, FIELDS);
        var services = new HashMap<String, String>();
        JsonNode named = node.path(SERVICES);
        if (!named.isMissingNode()) {
            requireObject(named, SERVICES + " of " + connection);
            named.properties().forEach(service -> services.put(service.getKey(), text(service.getValue(), SERVICES)));
        }
        var environments = new HashSet<String>();
        elements(node, ENVIRONMENTS).forEachRemaining(each -> environments.add(text(each, ENVIRONMENTS)));
        var workflows = new ArrayList<DeployWorkflow>();
        elements(node, WORKFLOWS).forEachRemaining(each -> workflows.add(workflow(each)));
        return new ConnectionMapping(services, environments, workflows);
    }

    private static DeployWorkflow workflow(JsonNode node) {
        requireFields(node, WORKFLOWS, WORKFLOW_FIELDS);
        @Nullable String service = node.has("service") ? text(node.path("service"), "service") : null;
        return new DeployWorkflow(
                text(node.path("repository"), "repository"),
                text(node.path("workflow"), "workflow"),
                text(node.path("environment"), "environment"),
                service);
    }

    private static Iterator<JsonNode> elements(JsonNode node, String field) {
        JsonNode found = node.path(field);
        if (!found.isMissingNode() && !found.isArray()) {
            throw new IllegalArgumentException(field + " must be an array");
        }
        return found.elements();
    }

    private static String text(JsonNode node, String field) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException(field + " must be text, is " + (node.isMissingNode() ? "absent" : node));
        }
        return node.asText();
    }

    private static void requireObject(JsonNode node, String what) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(what + " must be an object");
        }
    }

    private static void requireFields(JsonNode node, String what, Set<String> known) {
        requireObject(node, what);
        List<String> unknown = node.properties().stream()
                .map(Map.Entry::getKey)
                .filter(field -> !known.contains(field))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown fields of " + what + ": " + String.join(", ", unknown));
        }
    }
}
