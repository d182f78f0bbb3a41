package dev.sluice.gateapi.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.Map;

/**
 * The schemas of an OpenAPI document, made stricter than they are published: an answer must have no member that the
 * document does not name.
 */
public final class DocumentSchemas {
    private static final String ADDRESS = "urn:sluice:openapi";

    private final JsonSchema all;

    /** Creates the schemas of a document. */
    public DocumentSchemas(JsonNode document) {
        ObjectNode strict = document.deepCopy();
        close(strict);
        strict.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        String text = strict.toString();
        all = JsonSchemaFactory.getInstance(
                        SpecVersion.VersionFlag.V202012,
                        builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ADDRESS, text))))
                .getSchema(
                        SchemaLocation.of(ADDRESS),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(DocumentSchemas::close);
    }

    /**
     * Returns what is wrong with a value.
     *
     * @param pointer JSON pointer to the schema in the document
     * @param value the value
     */
    public List<String> violations(String pointer, JsonNode value) {
        // asked of the factory, each would hold the whole document once more
        return all
                .getRefSchema(SchemaLocation.of(ADDRESS + "#" + pointer).getFragment())
                .validate(Json.mapper().valueToTree(value))
                .stream()
                .map(ValidationMessage::getMessage)
                .sorted()
                .toList();
    }
}
