package dev.sluice.sources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The mapping of a connection as JSON, in which every scalar is a text: the one form of it, whether it stands in the file
 * of connections or among the settings of a job.
 */
public final class MappingDocument {
    private static final String SERVICES = "services";
    private static final String ENVIRONMENTS = "environments";
    private static final String WORKFLOWS = "workflows";
    private static final String SERVICE = "service";
    private static final String ENVIRONMENT = "environment";
    private static final String INCIDENT_LABELS = "incident_labels";
    private static final String PATHS = "paths";
    private static final String OPTIONS = "options";
    private static final List<String> FIELDS =
            List.of(SERVICES, ENVIRONMENTS, WORKFLOWS, SERVICE, ENVIRONMENT, INCIDENT_LABELS, PATHS, OPTIONS);
    private static final String REPOSITORY = "repository";
    private static final String WORKFLOW = "workflow";
    private static final List<String> WORKFLOW_FIELDS = List.of(REPOSITORY, WORKFLOW, ENVIRONMENT, SERVICE);
    private static final String INCLUDE = "include";
    private static final String EXCLUDE = "exclude";
    private static final List<String> PATHS_FIELDS = List.of(REPOSITORY, SERVICE, INCLUDE, EXCLUDE);

    private final Problems problems;
    private int found;

    private MappingDocument(Problems problems) {
        this.problems = problems;
    }

    /** Where problems of a document are reported. */
    @FunctionalInterface
    public interface Problems {
        /**
         * Takes one.
         *
         * @param pointer JSON pointer to what is wrong
         * @param message one sentence that names the field
         */
        void add(String pointer, String message);
    }

    /** Returns the names of all fields. */
    public static List<String> fields() {
        return FIELDS;
    }

    /**
     * Reads a mapping.
     *
     * @param mapping where it stands
     * @param options what the connection's source can be configured with; null where that is not known
     * @param problems where to report everything that is wrong
     * @return nothing if there is a problem
     */
    public static Optional<ConnectionMapping> read(Place mapping, @Nullable SourceOptions options, Problems problems) {
        return new MappingDocument(problems).mapping(mapping, options);
    }

    /** Writes a mapping; equal ones give equal text. */
    public static ObjectNode write(ConnectionMapping mapping) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode services = node.putObject(SERVICES);
        new TreeMap<>(mapping.services()).forEach(services::put);
        put(node.putArray(ENVIRONMENTS), mapping.environments());
        ArrayNode workflows = node.putArray(WORKFLOWS);
        for (DeployWorkflow workflow : mapping.workflows()) {
            ObjectNode entry = workflows
                    .addObject()
                    .put(REPOSITORY, workflow.repository())
                    .put(WORKFLOW, workflow.workflow())
                    .put(ENVIRONMENT, workflow.environment());
            putIfThere(entry, SERVICE, workflow.service());
        }
        putIfThere(node, SERVICE, mapping.service());
        putIfThere(node, ENVIRONMENT, mapping.environment());
        put(node.putArray(INCIDENT_LABELS), mapping.incidentLabels());
        if (!mapping.paths().isEmpty()) {
            put(node.putArray(PATHS), mapping);
        }
        node.set(OPTIONS, mapping.options());
        return node;
    }

    private static void put(ArrayNode paths, ConnectionMapping mapping) {
        for (ServicePaths entry : mapping.paths()) {
            ObjectNode written =
                    paths.addObject().put(REPOSITORY, entry.repository()).put(SERVICE, entry.service());
            put(written.putArray(INCLUDE), texts(entry.include()));
            put(written.putArray(EXCLUDE), texts(entry.exclude()));
        }
    }

    private static List<String> texts(List<Glob> globs) {
        return globs.stream().map(Glob::text).toList();
    }

    private static void put(ArrayNode array, Collection<String> texts) {
        new TreeSet<>(texts).forEach(array::add);
    }

    private static void putIfThere(ObjectNode node, String field, @Nullable String text) {
        if (text != null) {
            node.put(field, text);
        }
    }

    private Optional<ConnectionMapping> mapping(Place mapping, @Nullable SourceOptions sourceOptions) {
        if (!isObject(mapping, "the mapping", FIELDS)) {
            return Optional.empty();
        }
        Map<String, String> services = services(mapping.at(SERVICES));
        Set<String> environments = texts(mapping, ENVIRONMENTS).orElse(Set.of());
        List<DeployWorkflow> workflows = workflows(mapping.at(WORKFLOWS));
        String service = text(mapping, SERVICE, false);
        String environment = text(mapping, ENVIRONMENT, false);
        Set<String> labels = texts(mapping, INCIDENT_LABELS).orElse(ConnectionMapping.INCIDENT_LABELS);
        List<ServicePaths> paths = paths(mapping.at(PATHS));
        JsonNode options = options(mapping.at(OPTIONS), sourceOptions);
        if (found > 0) {
            return Optional.empty();
        }
        try {
            var read = new ConnectionMapping(
                    services, environments, workflows, service, environment, labels, paths, options);
            if (sourceOptions != null) {
                sourceOptions.report(read, (pointer, message) -> refused(mapping.pointer() + pointer, message));
            }
            return found > 0 ? Optional.empty() : Optional.of(read);
        } catch (IllegalArgumentException e) {
            // the message begins with the name of the field
            String message = String.valueOf(e.getMessage());
            return refused(mapping.pointer() + "/" + message.split(" ", 2)[0], message);
        }
    }

    private Map<String, String> services(Place place) {
        var services = new LinkedHashMap<String, String>();
        if (!place.isAbsent() && isObject(place, SERVICES, null)) {
            place.node().fieldNames().forEachRemaining(name -> {
                String service = text(place, name, true);
                if (service != null) {
                    services.put(name, service);
                }
            });
        }
        return services;
    }

    private List<DeployWorkflow> workflows(Place place) {
        var workflows = new ArrayList<DeployWorkflow>();
        if (isList(place, WORKFLOWS)) {
            place.elements().forEach(entry -> workflow(entry).ifPresent(workflows::add));
        }
        return workflows;
    }

    private Optional<DeployWorkflow> workflow(Place entry) {
        if (!isObject(entry, "each element of " + WORKFLOWS, WORKFLOW_FIELDS)) {
            return Optional.empty();
        }
        String repository = text(entry, REPOSITORY, true);
        String workflow = text(entry, WORKFLOW, true);
        String environment = text(entry, ENVIRONMENT, true);
        String service = text(entry, SERVICE, false);
        if (repository == null || workflow == null || environment == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeployWorkflow(repository, workflow, environment, service));
        } catch (IllegalArgumentException e) {
            return refused(entry.at(REPOSITORY).pointer(), String.valueOf(e.getMessage()));
        }
    }

    private List<ServicePaths> paths(Place place) {
        var paths = new ArrayList<ServicePaths>();
        if (isList(place, PATHS)) {
            place.elements().forEach(entry -> servicePaths(entry).ifPresent(paths::add));
        }
        return paths;
    }

    private Optional<ServicePaths> servicePaths(Place entry) {
        if (!isObject(entry, "each element of " + PATHS, PATHS_FIELDS)) {
            return Optional.empty();
        }
        String repository = text(entry, REPOSITORY, true);
        String service = text(entry, SERVICE, true);
        Set<String> include = texts(entry, INCLUDE).orElse(Set.of());
        Set<String> exclude = texts(entry, EXCLUDE).orElse(Set.of());
        if (repository == null || service == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ServicePaths.of(repository, service, sorted(include), sorted(exclude)));
        } catch (IllegalArgumentException e) {
            return refused(entry.pointer(), String.valueOf(e.getMessage()));
        }
    }

    private JsonNode options(Place place, @Nullable SourceOptions known) {
        if (place.isAbsent()) {
            return JsonNodeFactory.instance.objectNode();
        }
        isObject(place, OPTIONS, known == null ? null : known.names());
        return place.node();
    }

    private Optional<Set<String>> texts(Place mapping, String field) {
        Place list = mapping.at(field);
        if (!isList(list, field)) {
            return Optional.empty();
        }
        var texts = new HashSet<String>();
        list.elements().forEach(element -> {
            String text = read(element, field + " must hold texts only");
            if (text != null) {
                texts.add(text);
            }
        });
        return Optional.of(texts);
    }

    private @Nullable String text(Place object, String field, boolean required) {
        Place place = object.at(field);
        if (!place.isAbsent()) {
            return read(place, field + " must be a text");
        }
        if (required) {
            refused(object.pointer(), "field " + field + " is missing");
        }
        return null;
    }

    private @Nullable String read(Place place, String otherwise) {
        try {
            return place.text();
        } catch (Rejection e) {
            refused(place.pointer(), otherwise);
            return null;
        }
    }

    private boolean isList(Place place, String field) {
        if (place.isAbsent()) {
            return false;
        }
        if (!place.node().isArray()) {
            refused(place.pointer(), field + " must be a list");
        }
        return place.node().isArray();
    }

    private boolean isObject(Place place, String what, @Nullable Collection<String> known) {
        if (!place.node().isObject()) {
            refused(place.pointer(), what + " must be a mapping of names" + (known == null ? " to texts" : ""));
            return false;
        }
        if (known != null) {
            place.node().fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    refused(
                            place.at(name).pointer(),
                            "unknown field " + name + "; known are " + String.join(", ", sorted(known)));
                }
            });
        }
        return true;
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().sorted().toList();
    }

    private <T> Optional<T> refused(String pointer, String message) {
        found++;
        problems.add(pointer, message);
        return Optional.empty();
    }
}
