package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the file of connections says about names, for the job that understands what the connections deliver: the fields
 * {@code services} (service by repository), {@code environments} (those that are taken; all if absent) and {@code
 * workflows} (a list, each with {@code repository}, {@code workflow}, {@code environment} and, if it is not the
 * repository's, {@code service}).
 */
public final class ConnectionMappings {
    private ConnectionMappings() {}

    /**
     * Reads the mappings by connection. The secrets are not needed.
     *
     * @param file the file of connections
     * @throws dev.sluice.gateapi.config.ConfigurationException naming everything that is wrong with the file, with line
     *     and column
     */
    public static Map<String, ConnectionMapping> read(Path file) {
        var problems = new Problems();
        var mappings = new LinkedHashMap<String, ConnectionMapping>();
        try {
            Connections.entries(file, Files.readString(file), problems, (entry, id) -> {
                        Connections.skipSecrets(entry);
                        return of(entry, problems).map(mapping -> Map.entry(id, mapping));
                    })
                    .forEach(found -> mappings.put(found.getKey(), found.getValue()));
        } catch (IOException e) {
            problems.add(file + ": the file cannot be read as UTF-8 text");
        }
        problems.throwIfAny();
        return mappings;
    }

    /** Reads the mapping of one connection. */
    static Optional<ConnectionMapping> of(YamlMapping connection, Problems problems) {
        int before = problems.count();
        Map<String, String> services =
                connection.mapping("services").map(YamlMapping::allTexts).orElse(Map.of());
        List<String> environments = connection.texts("environments").orElse(List.of());
        var workflows = new ArrayList<DeployWorkflow>();
        for (YamlMapping workflow : connection.mappings("workflows").orElse(List.of())) {
            workflow(workflow).ifPresent(workflows::add);
        }
        if (problems.count() > before) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ConnectionMapping(services, new HashSet<>(environments), workflows));
        } catch (IllegalArgumentException e) {
            connection.problem("workflows", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<DeployWorkflow> workflow(YamlMapping entry) {
        Optional<String> repository = entry.required("repository");
        Optional<String> workflow = entry.required("workflow");
        Optional<String> environment = entry.required("environment");
        Optional<String> service = entry.optional("service");
        entry.rejectUnknownFields();
        if (repository.isEmpty() || workflow.isEmpty() || environment.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new DeployWorkflow(repository.get(), workflow.get(), environment.get(), service.orElse(null)));
        } catch (IllegalArgumentException e) {
            entry.problem("repository", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
