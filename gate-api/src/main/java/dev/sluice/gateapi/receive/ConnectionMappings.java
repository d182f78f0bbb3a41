package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Place;
import dev.sluice.sources.registry.Webhooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the file of connections says about names, for the job that understands what the connections deliver: the fields of
 * {@link MappingDocument}.
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
            Connections.entries(file, Files.readString(file), problems, (entry, id, sender) -> {
                        Connections.skipSecrets(entry);
                        return of(entry, sender).map(mapping -> Map.entry(id, mapping));
                    })
                    .forEach(found -> mappings.put(found.getKey(), found.getValue()));
        } catch (IOException e) {
            problems.add(file + ": the file cannot be read as UTF-8 text");
        }
        problems.throwIfAny();
        return mappings;
    }

    /** Reads the mapping of one connection. */
    static Optional<ConnectionMapping> of(YamlMapping connection, Optional<Webhooks.Sender> sender) {
        return MappingDocument.read(
                new Place(connection.json(MappingDocument.fields()), ""),
                sender.map(Webhooks.Sender::options).orElse(null),
                connection::problemAt);
    }
}
