package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schemas of incoming events: the CloudEvent envelope, the CDEvent in it, and the content of the types that Sluice
 * understands. They are the files of {@code schemas/events}, read once from the class path. Instances are immutable and
 * may be shared by threads.
 */
public final class EventSchemas {
    private static final String CLOUD_EVENT = "cloudevent";
    private static final String CD_EVENT = "cdevent";
    private static final String OLD_CD_EVENT = "cdevent-0.4";
    private static final String STANDARD_PREFIX = "dev.cdevents.";
    private static final String CUSTOM_PREFIX = "dev.cdeventsx.";
    /** Versions of the standard event types that Sluice understands: in CDEvents 0.5, and in the releases before it. */
    private static final TypeVersions STANDARD_VERSIONS = new TypeVersions(List.of("0.3."), List.of("0.1.", "0.2."));

    /** CDEvents 0.4 gave this one type a field and so a version more than the others have. */
    private static final TypeVersions CHANGE_CREATED_VERSIONS =
            new TypeVersions(List.of("0.4."), List.of("0.1.", "0.2.", "0.3."));

    private static final TypeVersions OWN_VERSIONS = new TypeVersions(List.of("0.1."), List.of("0.1."));

    private final SchemaFiles files = new SchemaFiles("events/");
    private final JsonSchema cloudEvent;
    private final JsonSchema cdEvent;
    private final JsonSchema oldCdEvent;
    private final Map<String, TypeSchema> types = new HashMap<>();

    private EventSchemas() {
        cloudEvent = files.read(CLOUD_EVENT);
        cdEvent = files.read(CD_EVENT);
        for (String name : List.of(
                "service.deployed",
                "service.upgraded",
                "service.rolledback",
                "pipelinerun.queued",
                "pipelinerun.started",
                "pipelinerun.finished",
                "incident.detected",
                "incident.reported",
                "incident.resolved",
                "change.reviewed",
                "change.merged",
                "change.abandoned")) {
            types.put(STANDARD_PREFIX + name, new TypeSchema(STANDARD_VERSIONS, files.read(name)));
        }
        types.put(
                STANDARD_PREFIX + "change.created",
                new TypeSchema(CHANGE_CREATED_VERSIONS, files.read("change.created")));
        for (String name : List.of(
                "sluice-commit.recorded",
                "sluice-deployment.observed",
                "sluice-incident.observed",
                "sluice-pullrequest.observed",
                "sluice-drift.checked",
                "sluice-service.described",
                "sluice-catalogue.assigned")) {
            types.put(CUSTOM_PREFIX + name, new TypeSchema(OWN_VERSIONS, files.read(name)));
        }
        oldCdEvent = files.read(OLD_CD_EVENT);
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
        violations.addAll(files.check(cloudEvent, event, ""));
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
            violations.addAll(files.check(old ? oldCdEvent : cdEvent, data, "/data"));
            return;
        }
        List<String> versions = schema.versions().in(old);
        if (versions.stream().noneMatch(version -> envelopeType.startsWith(name + "." + version))) {
            violations.add(new Violation(
                    "/data/context/type",
                    name + " is understood in versions " + String.join("x and ", versions) + "x of CDEvents "
                            + (old ? "before 0.5" : "0.5") + "; this event says "
                            + SchemaFiles.quoted(type.isTextual() ? type : event.path("type")) + "."));
            return;
        }
        violations.addAll(files.check(old ? oldCdEvent : schema.schema(), data, "/data"));
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

    private record TypeSchema(TypeVersions versions, JsonSchema schema) {}

    /** What the understood versions of an event type begin with. */
    private record TypeVersions(List<String> current, List<String> before05) {
        List<String> in(boolean old) {
            return old ? before05 : current;
        }
    }
}
