package dev.sluice.sources.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the Terraform command line wrote: the messages of {@code plan -json} or {@code apply -json}, one a line or in a list,
 * or the one document of {@code show -json}. Lines that are no JSON, which wrappers and plugins write between, are passed
 * over.
 *
 * <p>A plan holds secrets in plain text: those that are marked sensitive and, as defaults, in the configuration, in what
 * provisioners print and in errors, others. So {@link #kept} lets through what metrics need, addresses, actions, counts and
 * times, and not a single value of a resource, an output or a variable.
 *
 * @param documents the messages, or the one document; a pointer into them counts the lines from 0
 */
record TerraformOutput(List<Place> documents) {
    /** What is kept of a message and of a document; {@code true} stands for a scalar or a list of such. */
    private static final JsonNode KEPT = shape("""
            {"@level": true, "@timestamp": true, "type": true, "terraform": true, "ui": true,
             "changes": {"add": true, "change": true, "import": true, "remove": true, "operation": true},
             "change": {"resource": {"addr": true}, "previous_resource": {"addr": true}, "action": true, "reason": true},
             "hook": {"resource": {"addr": true}, "action": true},
             "diagnostic": {"severity": true, "address": true},
             "format_version": true, "terraform_version": true, "timestamp": true,
             "applyable": true, "complete": true, "errored": true,
             "planned_values": {}, "values": {},
             "resource_drift": {"address": true, "previous_address": true, "change": {"actions": true}},
             "resource_changes": {"address": true, "previous_address": true, "change": {"actions": true}}}
            """);

    private static final String FORMAT = "format_version";

    TerraformOutput {
        documents = List.copyOf(documents);
    }

    /**
     * Reads what was written.
     *
     * @throws Rejection if it is nothing that Terraform writes
     */
    static TerraformOutput read(byte[] body) {
        var documents = new ArrayList<Place>();
        for (Place document : documents(body)) {
            JsonNode node = document.node();
            if (node.path("type").isTextual() || node.path(FORMAT).isTextual()) {
                documents.add(document);
            }
        }
        if (documents.isEmpty()) {
            throw new Rejection(
                    Reason.WRONG_VALUE,
                    "is no output of terraform plan -json, apply -json or show -json, or not all of it",
                    "");
        }
        return new TerraformOutput(documents);
    }

    /** Returns the document of {@code show -json}, if it is one. */
    Optional<Place> shown() {
        Place first = documents.get(0);
        return Optional.of(first)
                .filter(document ->
                        documents.size() == 1 && !document.at(FORMAT).isAbsent());
    }

    /** Returns the same without anything that may be a secret, as lines of JSON. */
    byte[] kept() {
        var lines = new ByteArrayOutputStream();
        for (Place document : documents) {
            lines.writeBytes(Json.bytes(kept(document.node(), KEPT)));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private static List<Place> documents(byte[] body) {
        try {
            Place root = Documents.read(body);
            return root.node().isArray() ? root.elements().toList() : List.of(root);
        } catch (Rejection e) {
            // what is wrong where may quote a secret
            return lines(body);
        }
    }

    private static List<Place> lines(byte[] body) {
        var documents = new ArrayList<Place>();
        String[] lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("{")) {
                try {
                    documents.add(new Place(Documents.read(lines[i]).node(), "/" + i));
                } catch (Rejection e) {
                    // a line of somebody else
                }
            }
        }
        return documents;
    }

    private static JsonNode kept(JsonNode node, JsonNode shape) {
        if (node.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> list.add(kept(element, shape)));
            return list;
        }
        if (shape.isBoolean() || node.isNull()) {
            return node.isValueNode() ? node : JsonNodeFactory.instance.nullNode();
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : shape.properties()) {
            if (node.has(member.getKey())) {
                object.set(member.getKey(), kept(node.get(member.getKey()), member.getValue()));
            }
        }
        return object;
    }

    private static JsonNode shape(String json) {
        return Documents.read(json).node();
    }
}
