package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.ClasspathSchemaLoader;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schemas of a folder on the class path, and what is wrong with a document by one of them, in sentences for
 * people: where a value is not what it must be, the sentence is made of the {@code description} beside the keyword.
 */
final class SchemaFiles {
    private static final int QUOTED_CHARACTERS = 80;

    private final String folder;
    private final JsonSchemaFactory factory;
    private final SchemaValidatorsConfig config;
    private final Map<String, JsonNode> documents = new HashMap<>();

    /**
     * Opens a folder.
     *
     * @param folder its name with a slash at the end
     */
    SchemaFiles(String folder) {
        this.folder = folder;
        factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(
                        loaders -> loaders.add(new ClasspathSchemaLoader()).add(DisallowSchemaLoader.getInstance())));
        config = SchemaValidatorsConfig.builder()
                .formatAssertionsEnabled(true)
                .pathType(PathType.JSON_POINTER)
                .build();
    }

    /**
     * Reads the schema {@code <name>.schema.json}.
     *
     * @throws IllegalStateException if it is missing or no schema: the program was built wrongly
     */
    JsonSchema read(String name) {
        String file = name + ".schema.json";
        try (InputStream json = SchemaFiles.class.getClassLoader().getResourceAsStream(folder + file)) {
            if (json == null) {
                throw new IllegalStateException("schema " + folder + file + " is not on the class path");
            }
            documents.put(file, Json.mapper().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException("schema " + folder + file + " cannot be read", e);
        }
        JsonSchema schema = factory.getSchema(SchemaLocation.of("classpath:" + folder + file), config);
        schema.initializeValidators();
        return schema;
    }

    /**
     * Returns what is wrong with a document.
     *
     * @param schema one that {@link #read} has read
     * @param node the document
     * @param prefix JSON pointer to it in what the sender sent
     */
    List<Violation> check(JsonSchema schema, JsonNode node, String prefix) {
        return schema.validate(node).stream()
                .map(message -> violation(message, prefix))
                .toList();
    }

    private Violation violation(ValidationMessage message, String prefix) {
        String pointer = prefix + message.getInstanceLocation();
        String keyword = message.getType();
        if (keyword.equals("required")) {
            return new Violation(
                    pointer + "/" + escaped(message.getProperty()),
                    "The field " + message.getProperty() + " is required.");
        }
        if (keyword.equals("additionalProperties")) {
            return new Violation(
                    pointer + "/" + escaped(message.getProperty()),
                    "The field " + cut(message.getProperty()) + " is not known here.");
        }
        String field = pointer.isEmpty()
                ? "The document"
                : "The field "
                        + pointer.substring(pointer.lastIndexOf('/') + 1)
                                .replace("~1", "/")
                                .replace("~0", "~");
        JsonNode value = message.getInstanceNode();
        if (keyword.equals("type")) {
            return new Violation(
                    pointer,
                    field + " must be " + typeNames(message.getSchemaNode()) + ", but is " + quoted(value) + ".");
        }
        String expected = description(message.getSchemaLocation());
        return new Violation(
                pointer,
                field + (expected == null ? " does not satisfy " + keyword : " must be " + expected) + ", but is "
                        + quoted(value) + ".");
    }

    /** Returns what the schema around a keyword says that a value is. */
    private @Nullable String description(SchemaLocation keyword) {
        String file = keyword.getAbsoluteIri().toString();
        JsonNode document = documents.get(file.substring(file.lastIndexOf('/') + 1));
        if (document == null) {
            return null;
        }
        JsonNode schema = document.at(keyword.getFragment().getParent().toString());
        return schema.path("description").textValue();
    }

    private static String typeNames(@Nullable JsonNode type) {
        var names = new ArrayList<String>();
        if (type != null && type.isArray()) {
            type.forEach(name -> names.add(typeName(name.asText())));
        } else if (type != null) {
            names.add(typeName(type.asText()));
        }
        return String.join(" or ", names);
    }

    private static String typeName(String type) {
        return switch (type) {
            case "string" -> "a text";
            case "object" -> "an object";
            case "array" -> "a list";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    /** Returns a value, cut, as a sentence about it may quote it. */
    static String quoted(@Nullable JsonNode value) {
        if (value == null || value.isMissingNode()) {
            return "absent";
        }
        if (value.isObject()) {
            return "an object";
        }
        if (value.isArray()) {
            return "a list";
        }
        String cut = cut(value.isTextual() ? value.textValue() : value.asText());
        return value.isTextual() ? '"' + cut + '"' : cut;
    }

    private static String cut(String text) {
        String whole = encodable(text);
        return whole.length() <= QUOTED_CHARACTERS ? whole : encodable(whole.substring(0, QUOTED_CHARACTERS)) + "…";
    }

    /** Returns the text with halves of surrogate pairs, which JSON allows and UTF-8 does not, replaced. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String escaped(String property) {
        return encodable(property).replace("~", "~0").replace("/", "~1");
    }
}
