package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Place;
import dev.sluice.sources.registry.Webhooks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The connections of the file. It is YAML with a list {@code connections}, each with {@code id}, {@code source},
 * {@code tenant} and the place of its secret: {@code secret_env} or {@code secret_file}; while it is being replaced also
 * {@code secret_env_next} or {@code secret_file_next}. What else they may say is in {@link ConnectionMappings}.
 */
public final class Connections {
    private static final String DEFAULT_TENANT = "default";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    static final String NAME_EXPECTED = "a name of letters, digits, dots and dashes";

    private final Map<String, Configured> byId;

    private Connections(Map<String, Configured> byId) {
        this.byId = Map.copyOf(byId);
    }

    /** Returns no connections. */
    public static Connections none() {
        return new Connections(Map.of());
    }

    /**
     * Reads the connections of a file.
     *
     * @param file the file; paths in it are relative to its directory
     * @param content its text
     * @param environment environment variables, for secrets
     * @param problems where to report
     */
    public static Connections read(Path file, String content, Map<String, String> environment, Problems problems) {
        var byId = new HashMap<String, Configured>();
        SecretPlaces places = SecretPlaces.ofFile(file, environment);
        entries(file, content, problems, (entry, id, sender) -> configured(entry, id, sender, places, problems))
                .forEach(found -> byId.put(found.connection().id(), found));
        return new Connections(byId);
    }

    /**
     * Reads each connection of a file.
     *
     * @param reader reads what the caller needs of one; what nobody has asked for is a problem
     */
    static <T> List<T> entries(Path file, String content, Problems problems, EntryReader<T> reader) {
        var read = new ArrayList<T>();
        YamlMapping.read(String.valueOf(file.getFileName()), content, problems).ifPresent(root -> {
            var ids = new HashSet<String>();
            for (YamlMapping entry : root.mappings("connections").orElse(List.of())) {
                int before = problems.count();
                String id =
                        entry.required("id", Connections::name, NAME_EXPECTED).orElse("");
                Optional<Webhooks.Sender> sender =
                        entry.required("source", Webhooks::find, ConnectionDocument.SOURCE_EXPECTED);
                if (!id.isEmpty() && !ids.add(id)) {
                    entry.problem("id", "two connections are called " + id);
                }
                Optional<T> found = reader.read(entry, id, sender);
                entry.rejectUnknownFields();
                if (problems.count() == before) {
                    found.ifPresent(read::add);
                }
            }
            root.rejectUnknownFields();
        });
        return read;
    }

    private static Optional<Configured> configured(
            YamlMapping entry, String id, Optional<Webhooks.Sender> sender, SecretPlaces places, Problems problems) {
        int before = problems.count();
        Optional<String> tenant =
                entry.optional("tenant", Connections::name, NAME_EXPECTED).or(() -> Optional.of(DEFAULT_TENANT));
        Optional<ConnectionMapping> mapping = ConnectionMappings.of(entry, sender);
        var where = new Place(entry.json(SecretReferences.FIELDS), "");
        Optional<SecretReferences> references =
                SecretReferences.read(where, ConnectionDocument.SECRET_NEEDED, entry::problemAt);
        Optional<List<byte[]>> secrets = references.flatMap(found -> found.resolve(places, entry::problemAt));
        if (problems.count() > before) {
            return Optional.empty();
        }
        return sender.flatMap(whom -> mapping.flatMap(names -> tenant.flatMap(whose -> secrets.map(values -> {
            var document = new ConnectionDocument(whom, names, references.orElseThrow());
            return new Configured(document.connection(id, whose, values, Map.of()), document);
        }))));
    }

    /** Passes over the fields of a connection that concern its deliveries and not their meaning. */
    static void skipSecrets(YamlMapping entry) {
        entry.optional("tenant", Connections::name, NAME_EXPECTED);
        SecretReferences.FIELDS.forEach(entry::optional);
    }

    /** Returns the text if it may be the id of a connection, or its tenant. */
    static Optional<String> name(String text) {
        return Optional.of(text).filter(NAME.asMatchPredicate());
    }

    Optional<Configured> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns those of a tenant, in no order. */
    Stream<Configured> of(String tenant) {
        return byId.values().stream()
                .filter(found -> found.connection().tenant().equals(tenant));
    }

    /**
     * A connection of the file.
     *
     * @param connection the connection
     * @param document what the file says of it
     */
    record Configured(Connection connection, ConnectionDocument document) {}

    /** Reads what is needed of one connection. */
    @FunctionalInterface
    interface EntryReader<T> {
        /** Returns what was read; nothing if there is a problem, which it reports. */
        Optional<T> read(YamlMapping entry, String id, Optional<Webhooks.Sender> sender);
    }
}
