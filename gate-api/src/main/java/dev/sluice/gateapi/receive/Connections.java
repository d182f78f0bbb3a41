package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.registry.Webhooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configured connections. Their file is YAML with a list {@code connections}, each with {@code id}, {@code source},
 * {@code tenant} and the place of its secret: {@code secret_env} or {@code secret_file}; while it is being replaced also
 * {@code secret_env_next} or {@code secret_file_next}. What else they may say is in {@link ConnectionMappings}.
 */
public final class Connections {
    private static final String DEFAULT_TENANT = "default";
    private static final String ENVIRONMENT_SECRET = "secret_env";
    private static final String FILE_SECRET = "secret_file";
    /** What the names of the fields for the next secret end with. */
    private static final String NEXT = "_next";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String NAME_EXPECTED = "a name of letters, digits, dots and dashes";

    private final Map<String, Connection> byId;

    private Connections(Map<String, Connection> byId) {
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
        var byId = new HashMap<String, Connection>();
        entries(
                        file,
                        content,
                        problems,
                        (entry, id, sender) -> connection(entry, id, sender, file, environment, problems))
                .forEach(connection -> byId.put(connection.id(), connection));
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
                Optional<Webhooks.Sender> sender = entry.required(
                        "source", Webhooks::find, "a known source (" + String.join(", ", Webhooks.names()) + ")");
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

    private static Optional<Connection> connection(
            YamlMapping entry,
            String id,
            Optional<Webhooks.Sender> sender,
            Path file,
            Map<String, String> environment,
            Problems problems) {
        int before = problems.count();
        Optional<String> tenant =
                entry.optional("tenant", Connections::name, NAME_EXPECTED).or(() -> Optional.of(DEFAULT_TENANT));
        Optional<ConnectionMapping> mapping = ConnectionMappings.of(entry, sender);
        var secrets = new ArrayList<byte[]>();
        int beforeSecrets = problems.count();
        secret(entry, "", file, environment).ifPresent(secrets::add);
        if (secrets.isEmpty() && problems.count() == beforeSecrets) {
            entry.problem("id", "a connection needs secret_env or secret_file: without a secret anybody could send");
        }
        secret(entry, NEXT, file, environment).ifPresent(secrets::add);
        if (problems.count() > before) {
            return Optional.empty();
        }
        return sender.flatMap(whom -> mapping.map(whom::of))
                .flatMap(whom -> tenant.map(whose -> new Connection(id, whom, whose, secrets)));
    }

    /** Passes over the fields of a connection that concern its deliveries and not their meaning. */
    static void skipSecrets(YamlMapping entry) {
        entry.optional("tenant", Connections::name, NAME_EXPECTED);
        for (String suffix : List.of("", NEXT)) {
            entry.optional(ENVIRONMENT_SECRET + suffix);
            entry.optional(FILE_SECRET + suffix);
        }
    }

    private static Optional<byte[]> secret(
            YamlMapping entry, String suffix, Path file, Map<String, String> environment) {
        Optional<String> variable = entry.optional(ENVIRONMENT_SECRET + suffix);
        Optional<String> path = entry.optional(FILE_SECRET + suffix);
        if (variable.isPresent() && path.isPresent()) {
            entry.problem(
                    FILE_SECRET + suffix,
                    "give " + ENVIRONMENT_SECRET + suffix + " or " + FILE_SECRET + suffix + ", not both");
            return Optional.empty();
        }
        if (variable.isPresent()) {
            String value = environment.get(variable.get());
            if (value == null || value.isBlank()) {
                entry.problem(ENVIRONMENT_SECRET + suffix, "environment variable " + variable.get() + " is not set");
                return Optional.empty();
            }
            return Optional.of(value.getBytes(StandardCharsets.UTF_8));
        }
        return path.flatMap(name -> secretOf(entry, FILE_SECRET + suffix, file.resolveSibling(name)));
    }

    private static Optional<byte[]> secretOf(YamlMapping entry, String field, Path file) {
        try {
            String secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                entry.problem(field, "file " + file + " is empty");
                return Optional.empty();
            }
            return Optional.of(secret.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            entry.problem(field, "file " + file + " cannot be read");
            return Optional.empty();
        }
    }

    private static Optional<String> name(String text) {
        return Optional.of(text).filter(NAME.asMatchPredicate());
    }

    Optional<Connection> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Reads what is needed of one connection. */
    @FunctionalInterface
    interface EntryReader<T> {
        /** Returns what was read; nothing if there is a problem, which it reports. */
        Optional<T> read(YamlMapping entry, String id, Optional<Webhooks.Sender> sender);
    }
}
