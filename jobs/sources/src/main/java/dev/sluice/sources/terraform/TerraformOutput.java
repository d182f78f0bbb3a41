package dev.sluice.sources.terraform;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the Terraform command line wrote: the messages of {@code plan -json} or {@code apply -json}, one a line or in a list,
 * or the one document of {@code show -json}. Lines that are no JSON, which wrappers and plugins write between, are passed
 * over.
 *
 * <p>A plan holds secrets in plain text: those that are marked sensitive and, as defaults, in the configuration, in what
 * provisioners print and in errors, others. So only what metrics need is read at all, addresses, actions, counts and times,
 * and not a single value of a resource, an output or a variable.
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

    /** Returns what was read as lines of JSON. */
    byte[] kept() {
        var lines = new ByteArrayOutputStream();
        for (Place document : documents) {
            lines.writeBytes(Json.bytes(document.node()));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private static List<Place> documents(byte[] body) {
        try {
            Place root = Documents.read(body, parser -> kept(parser, KEPT));
            return root.node().isArray() ? root.elements().toList() : List.of(root);
        } catch (Rejection e) {
            // what is wrong where may quote a secret
            return lines(body);
        }
    }

    private static List<Place> lines(byte[] body) {
        var documents = new ArrayList<Place>();
        int start = 0;
        for (int line = 0; start < body.length; line++) {
            int end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            if (body[start] == '{') {
                try {
                    byte[] json = Arrays.copyOfRange(body, start, end);
                    documents.add(new Place(
                            Documents.read(json, parser -> kept(parser, KEPT)).node(), "/" + line));
                } catch (Rejection e) {
                    // a line of somebody else
                }
            }
            start = end + 1;
        }
        return documents;
    }

    /** Plans are large, so what is not kept is not held either. */
    private static JsonNode kept(JsonParser parser, JsonNode shape) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(kept(parser, shape));
            }
            return list;
        }
        if (token != JsonToken.START_OBJECT) {
            boolean isKept = shape.isBoolean() || token == JsonToken.VALUE_NULL;
            return isKept ? scalar(parser) : JsonNodeFactory.instance.objectNode();
        }
        if (shape.isBoolean()) {
            parser.skipChildren();
            return JsonNodeFactory.instance.nullNode();
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (shape.has(name)) {
                object.set(name, kept(parser, shape.get(name)));
            } else {
                parser.skipChildren();
            }
        }
        return object;
    }

    private static JsonNode scalar(JsonParser parser) throws IOException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case VALUE_STRING -> text(parser.getText());
            case VALUE_NUMBER_INT -> json.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> json.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> json.booleanNode(true);
            case VALUE_FALSE -> json.booleanNode(false);
            default -> json.nullNode();
        };
    }

    /** Half of a surrogate pair can be written in JSON, but not in UTF-8. */
    private static JsonNode text(String text) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return StandardCharsets.UTF_8.newEncoder().canEncode(text) ? json.textNode(text) : json.nullNode();
    }

    private static JsonNode shape(String json) {
        return Documents.read(json).node();
    }
}
