package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configured connections. Their file is YAML with a list {@code connections}, each with {@code id}, {@code source},
 * {@code tenant} and the place of its secret: {@code secret_env} or {@code secret_file}; while it is being replaced also
 * {@code secret_env_next} or {@code secret_file_next}.
 */
public final class Connections {
    /** The adapter of GitHub. */
    static final String GITHUB = "github";

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
        YamlMapping.read(String.valueOf(file.getFileName()), content, problems).ifPresent(root -> {
            for (YamlMapping entry : root.mappings("connections").orElse(List.of())) {
                connection(entry, file, environment, problems).ifPresent(connection -> {
                    if (byId.putIfAbsent(connection.id(), connection) != null) {
                        entry.problem("id", "two connections are called " + connection.id());
                    }
                });
            }
            root.rejectUnknownFields();
        });
        return new Connections(byId);
    }

    private static Optional<Connection> connection(
            YamlMapping entry, Path file, Map<String, String> environment, Problems problems) {
        int before = problems.count();
        Optional<String> id = entry.required("id", Connections::name, NAME_EXPECTED);
        Optional<String> source = entry.required(
                "source", text -> Optional.of(text).filter(GITHUB::equals), "a known source (" + GITHUB + ")");
        Optional<String> tenant =
                entry.optional("tenant", Connections::name, NAME_EXPECTED).or(() -> Optional.of("default"));
        var secrets = new ArrayList<byte[]>();
        secret(entry, "", file, environment).ifPresent(secrets::add);
        if (secrets.isEmpty() && problems.count() == before) {
            entry.problem("id", "a connection needs secret_env or secret_file: without a secret anybody could send");
        }
        secret(entry, "_next", file, environment).ifPresent(secrets::add);
        entry.rejectUnknownFields();
        if (problems.count() > before) {
            return Optional.empty();
        }
        return Optional.of(new Connection(id.orElseThrow(), source.orElseThrow(), tenant.orElseThrow(), secrets));
    }

    private static Optional<byte[]> secret(
            YamlMapping entry, String suffix, Path file, Map<String, String> environment) {
        Optional<String> variable = entry.optional("secret_env" + suffix);
        Optional<String> path = entry.optional("secret_file" + suffix);
        if (variable.isPresent() && path.isPresent()) {
            entry.problem(
                    "secret_file" + suffix, "give secret_env" + suffix + " or secret_file" + suffix + ", not both");
            return Optional.empty();
        }
        if (variable.isPresent()) {
            String value = environment.get(variable.get());
            if (value == null || value.isBlank()) {
                entry.problem("secret_env" + suffix, "environment variable " + variable.get() + " is not set");
                return Optional.empty();
            }
            return Optional.of(value.getBytes(StandardCharsets.UTF_8));
        }
        return path.flatMap(name -> secretOf(entry, "secret_file" + suffix, file.resolveSibling(name)));
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
}
