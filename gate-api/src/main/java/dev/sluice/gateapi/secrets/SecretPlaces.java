package dev.sluice.gateapi.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** From where secrets may be taken: by a file of the configuration, which belongs to the operator, or by the API. */
public final class SecretPlaces {
    /** What the names of variables begin with that the API may refer to. */
    public static final String PREFIX = "SLUICE_SECRET_";

    private final Map<String, String> environment;
    private final @Nullable String prefix;
    private final @Nullable Path directory;
    private final boolean confined;

    private SecretPlaces(
            Map<String, String> environment, @Nullable String prefix, @Nullable Path directory, boolean confined) {
        this.environment = Map.copyOf(environment);
        this.prefix = prefix;
        this.directory = directory;
        this.confined = confined;
    }

    /**
     * Returns the places of a file of the configuration: any variable, and any file.
     *
     * @param configuration the file, to whose directory paths are relative
     * @param environment environment variables
     */
    public static SecretPlaces ofFile(Path configuration, Map<String, String> environment) {
        return new SecretPlaces(environment, "", configuration.resolveSibling(""), false);
    }

    /**
     * Returns the places that callers of the API may refer to: variables whose names begin with {@value #PREFIX}, and files
     * below a directory, wherever links lead.
     *
     * @param directory the directory, to which paths are relative; null for none
     * @param environment environment variables
     */
    public static SecretPlaces ofApi(@Nullable Path directory, Map<String, String> environment) {
        return new SecretPlaces(environment, PREFIX, directory, true);
    }

    /**
     * Returns the places that a tenant of several may refer to: files below a directory of its own, and no variables.
     *
     * @param directory the directory, to which paths are relative; null for none
     */
    static SecretPlaces ofTenant(@Nullable Path directory) {
        return new SecretPlaces(Map.of(), null, directory, true);
    }

    /**
     * Returns a secret; nothing if it cannot be had.
     *
     * @param reference where it is
     * @param problem takes the reason, which says no more of a place that may not be read than that
     */
    public Optional<byte[]> read(SecretReference reference, Consumer<String> problem) {
        return (reference.isFile() ? file(reference.name(), problem) : variable(reference.name(), problem))
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns which version of a secret is there now, at the cost of asking for the attributes of a file; nothing for a
     * variable, which stays as it is, and for a file that is not there.
     *
     * @param reference where it is
     */
    public Optional<SecretVersion> version(SecretReference reference) {
        if (!reference.isFile() || directory == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(SecretVersion.of(
                    Files.readAttributes(directory.resolve(reference.name()), BasicFileAttributes.class)));
        } catch (InvalidPathException | IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> variable(String name, Consumer<String> problem) {
        if (prefix == null) {
            return refused(problem, "a tenant has secrets in files of its own directory only: give secret_file");
        }
        if (!name.startsWith(prefix)) {
            return refused(problem, "the name of the environment variable must begin with " + prefix);
        }
        String value = environment.get(name);
        return value == null || value.isBlank()
                ? refused(problem, "environment variable " + name + " is not set")
                : Optional.of(value);
    }

    private Optional<String> file(String name, Consumer<String> problem) {
        if (directory == null) {
            return refused(
                    problem,
                    prefix == null
                            ? "the tenant has no directory of secrets"
                            : "no directory of secrets is configured: give secret_env");
        }
        Path file;
        try {
            file = directory.resolve(name);
        } catch (InvalidPathException e) {
            return refused(problem, "the path of the file cannot be read");
        }
        // as it is written, so that the answer tells nothing of files elsewhere; then as links lead
        if (confined
                && !isBelow(
                        file.toAbsolutePath().normalize(),
                        directory.toAbsolutePath().normalize())) {
            return refused(problem, "the file must lie below the directory of secrets");
        }
        String shown = confined ? name : file.toString();
        try {
            if (confined && !isBelow(file.toRealPath(), directory.toRealPath())) {
                return refused(problem, "the file must lie below the directory of secrets");
            }
            String secret = Files.readString(file).strip();
            return secret.isEmpty() ? refused(problem, "file " + shown + " is empty") : Optional.of(secret);
        } catch (IOException e) {
            return refused(problem, "file " + shown + " cannot be read");
        }
    }

    private static boolean isBelow(Path file, Path directory) {
        return file.startsWith(directory) && !file.equals(directory);
    }

    private static Optional<String> refused(Consumer<String> problem, String reason) {
        problem.accept(reason);
        return Optional.empty();
    }
}
