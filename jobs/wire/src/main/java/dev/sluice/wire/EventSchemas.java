package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of incoming events: the CloudEvent envelope, the CDEvent in it, and the content of the types that Sluice
 * understands. They are the files of {@code schemas/events}, read once from the class path. Instances are immutable and
 * may be shared by threads.
 */
public final class EventSchemas {
    private static final String FOLDER = "events/";
    private static final String CLOUD_EVENT = "cloudevent";
    private static final String CD_EVENT = "cdevent";
    private static final String OLD_CD_EVENT = "cdevent-0.4";
    private static final String STANDARD_PREFIX = "dev.cdevents.";
    private static final String CUSTOM_PREFIX = "dev.cdeventsx.";
    /** Versions of the standard event types that Sluice understands: in CDEvents 0.5, and in the releases before it. */
    private static final TypeVersions STANDARD_VERSIONS = new TypeVersions(List.of("0.3."), List.of("0.1.", "0.2."));

    private static final TypeVersions OWN_VERSIONS = new TypeVersions(List.of("0.1."), List.of("0.1."));
    private static final int QUOTED_CHARACTERS = 80;

    private final Map<String, JsonNode> documents = new HashMap<>();
    private final JsonSchema cloudEvent;
    private final JsonSchema cdEvent;
    private final JsonSchema oldCdEvent;
    private final Map<String, TypeSchema> types = new HashMap<>();

    private EventSchemas() {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(
                        loaders -> loaders.add(new ClasspathSchemaLoader()).add(DisallowSchemaLoader.getInstance())));
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .formatAssertionsEnabled(true)
                .pathType(PathType.JSON_POINTER)
                .build();
        cloudEvent = read(factory, config, CLOUD_EVENT);
        cdEvent = read(factory, config, CD_EVENT);
        for (String name : List.of(
                "service.deployed",
                "service.upgraded",
                "service.rolledback",
                "pipelinerun.queued",
                "pipelinerun.started",
                "pipelinerun.finished")) {
            types.put(STANDARD_PREFIX + name, new TypeSchema(STANDARD_VERSIONS, read(factory, config, name)));
        }
        for (String name : List.of("sluice-commit.recorded", "sluice-deployment.observed")) {
            types.put(CUSTOM_PREFIX + name, new TypeSchema(OWN_VERSIONS, read(factory, config, name)));
        }
        oldCdEvent = read(factory, config, OLD_CD_EVENT);
    }

    /**
     * Reads the schemas from the class path.
     *
     * @throws IllegalStateException if one is missing or no schema: the program was built wrongly
     */
    public static EventSchemas load() {
        return new EventSchemas();
    }

    /** Returns whether a CloudEvent of this type carries a CDEvent as its data. */
    public static boolean isCdEvent(String type) {
        return type.startsWith(STANDARD_PREFIX) || type.startsWith(CUSTOM_PREFIX);
    }

    /**
     * Checks an event. Unknown types and unknown members pass.
     *
     * @param event the document, which ought to be a CloudEvent 1.0 or 0.3 in the structured JSON form
     * @return what is wrong, in the order of the pointers; empty if the event is valid
     */
    public List<Violation> validate(JsonNode event) {
        Set<Violation> violations = new LinkedHashSet<>();
        check(cloudEvent, event, "", violations);
        JsonNode type = event.path("type");
        if (type.isTextual() && isCdEvent(type.textValue())) {
            checkCdEvent(type.textValue(), event, violations);
        }
        return violations.stream()
                .sorted(Comparator.comparing(Violation::pointer).thenComparing(Violation::message))
                .toList();
    }

    private void checkCdEvent(String envelopeType, JsonNode event, Set<Violation> violations) {
        JsonNode data = event.path("data");
        if (data.isMissingNode()) {
            violations.add(new Violation("/data", "The field data is required: it holds the CDEvent as JSON."));
            return;
        }
        JsonNode context = data.path("context");
        JsonNode type = context.path("type");
        if (type.isTextual() && !type.textValue().equals(envelopeType)) {
            violations.add(new Violation("/type", "The field type must be the same as /data/context/type."));
        }
        boolean old = isOld(context);
        String name = nameOf(envelopeType);
        TypeSchema schema = types.get(name);
        if (schema == null || !context.isObject()) {
            check(old ? oldCdEvent : cdEvent, data, "/data", violations);
            return;
        }
        List<String> versions = schema.versions().in(old);
        if (versions.stream().noneMatch(version -> envelopeType.startsWith(name + "." + version))) {
            violations.add(new Violation(
                    "/data/context/type",
                    name + " is understood in versions " + String.join("x and ", versions) + "x of CDEvents "
                            + (old ? "before 0.5" : "0.5") + "; this event says "
                            + quoted(type.isTextual() ? type : event.path("type")) + "."));
            return;
        }
        check(old ? oldCdEvent : schema.schema(), data, "/data", violations);
    }

    /** Returns whether a CDEvent's context is of a release before 0.5, which called specversion version. */
    private static boolean isOld(JsonNode context) {
        return context.hasNonNull("version") && !context.hasNonNull("specversion");
    }

    /** Returns the type without its version, or the type itself where it has none. */
    private static String nameOf(String type) {
        int start = type.startsWith(CUSTOM_PREFIX) ? CUSTOM_PREFIX.length() : STANDARD_PREFIX.length();
        int predicate = type.indexOf('.', start);
        int version = predicate < 0 ? -1 : type.indexOf('.', predicate + 1);
        return version < 0 ? type : type.substring(0, version);
    }

    private void check(JsonSchema schema, JsonNode node, String prefix, Set<Violation> violations) {
        for (ValidationMessage message : schema.validate(node)) {
            violations.add(violation(message, prefix));
        }
    }

    private Violation violation(ValidationMessage message, String prefix) {
        String pointer = prefix + message.getInstanceLocation();
        String keyword = message.getType();
        if (keyword.equals("required")) {
            String property = message.getProperty();
            return new Violation(
                    pointer + "/" + property.replace("~", "~0").replace("/", "~1"),
                    "The field " + property + " is required.");
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

    private static String quoted(@Nullable JsonNode value) {
        if (value == null || value.isMissingNode()) {
            return "absent";
        }
        if (value.isObject()) {
            return "an object";
        }
        if (value.isArray()) {
            return "a list";
        }
        String text = encodable(value.isTextual() ? value.textValue() : value.asText());
        String cut = text.length() <= QUOTED_CHARACTERS ? text : encodable(text.substring(0, QUOTED_CHARACTERS)) + "…";
        return value.isTextual() ? '"' + cut + '"' : cut;
    }

    /** Returns the text with halves of surrogate pairs, which JSON allows and UTF-8 does not, replaced. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private JsonSchema read(JsonSchemaFactory factory, SchemaValidatorsConfig config, String name) {
        String file = name + ".schema.json";
        try (InputStream json = EventSchemas.class.getClassLoader().getResourceAsStream(FOLDER + file)) {
            if (json == null) {
                throw new IllegalStateException("schema " + FOLDER + file + " is not on the class path");
            }
            documents.put(file, Json.mapper().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException("schema " + FOLDER + file + " cannot be read", e);
        }
        JsonSchema schema = factory.getSchema(SchemaLocation.of("classpath:" + FOLDER + file), config);
        schema.initializeValidators();
        return schema;
    }

    private record TypeSchema(TypeVersions versions, JsonSchema schema) {}

    /** What the understood versions of an event type begin with. */
    private record TypeVersions(List<String> current, List<String> before05) {
        List<String> in(boolean old) {
            return old ? before05 : current;
        }
    }

    /**
     * Something that is wrong in an event.
     *
     * @param pointer JSON pointer (RFC 6901) from the CloudEvent's root; of a missing field, where it ought to be
     * @param message one sentence for a person
     */
    public record Violation(String pointer, String message) {
        public Violation {
            requireNonNull(pointer, "pointer");
            requireNonNull(message, "message");
        }
    }
}
