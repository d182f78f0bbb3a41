package dev.sluice.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code clickhouse} executables: where they are, and which version they are. */
final class ClickHouseBinary {
    /** The name of the executable that is looked for. */
    static final String NAME = "clickhouse";

    /**
     * Older ones are not run. Debian's 18.16, for one, knows neither our settings nor our tables. Between this one and the
     * release that {@code package.json} pins, none was tried.
     */
    static final ClickHouseVersion OLDEST =
            ClickHouseVersion.in("25.3").orElseThrow(() -> new AssertionError("a version"));

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);
    private static final int OUTPUT_LIMIT = 1024;

    private ClickHouseBinary() {}

    /**
     * The first executable of a name in the directories of a search path; the name itself where it is a path.
     *
     * @param searchPath absolute directories, separated as in {@code PATH}; others are passed over
     */
    static Optional<Path> find(String name, String searchPath) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name).toAbsolutePath()).filter(ClickHouseBinary::isExecutable);
        }
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(searchPath)
                .filter(directory -> directory.startsWith("/"))
                .flatMap(directory -> path(directory).stream())
                .map(directory -> directory.resolve(name))
                .filter(ClickHouseBinary::isExecutable)
                .findFirst();
    }

    /**
     * Asks an executable for its version.
     *
     * @throws ClickHouseBinaryException if it does not tell one, or one that is too old
     */
    static ClickHouseEngine.Binary require(Path file) {
        String said = version(file);
        ClickHouseVersion version = ClickHouseVersion.in(said)
                .orElseThrow(() -> new ClickHouseBinaryException(
                        "%s does not tell its version to `server --version`: %s".formatted(file, said)));
        if (version.isOlderThan(OLDEST)) {
            throw new ClickHouseBinaryException(
                    "%s is ClickHouse %s, which is too old: %s or later is needed".formatted(file, version, OLDEST));
        }
        return new ClickHouseEngine.Binary(file, version);
    }

    private static String version(Path file) {
        Process process;
        Path output;
        try {
            output = Files.createTempFile("clickhouse-version", ".txt");
            process = new ProcessBuilder(file.toString(), "server", "--version")
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new ClickHouseBinaryException("%s cannot be run: %s".formatted(file, e.getMessage()), e);
        }
        try {
            if (!process.waitFor(VERSION_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ClickHouseBinaryException(
                        "%s has not told its version within %d s".formatted(file, VERSION_LIMIT.toSeconds()));
            }
            String said = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
            return said.substring(0, Math.min(said.length(), OUTPUT_LIMIT));
        } catch (IOException e) {
            throw new ClickHouseBinaryException("what %s says cannot be read: %s".formatted(file, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseBinaryException("interrupted while " + file + " was asked for its version", e);
        } finally {
            process.destroyForcibly();
            deleteQuietly(output);
        }
    }

    private static void deleteQuietly(Path file) {
        if (!file.toFile().delete()) {
            file.toFile().deleteOnExit();
        }
    }

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static Optional<Path> path(String directory) {
        try {
            return Optional.of(Path.of(directory));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
