package dev.sluice.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shared library of the ClickHouse engine, as npm installs it under {@code deploy/embedded/clickhouse}.
 *
 * <p>Nothing is downloaded when the pinned version is installed, or when npm's own cache has it. Several processes may
 * ask at once: one installs, the others wait.
 */
public final class ClickHouseLibrary {
    /** Environment variable that names a library file, which is then used as it is. */
    public static final String LIBRARY_VARIABLE = "SLUICE_CHDB_LIBRARY";

    /** System property that names the root of the Sluice distribution. */
    public static final String ROOT_PROPERTY = "sluice.root";

    /** Environment variable that names the root of the Sluice distribution, if the property does not. */
    public static final String ROOT_VARIABLE = "SLUICE_HOME";

    private static final Path PROJECT = Path.of("deploy", "embedded", "clickhouse");
    private static final List<String> FILE_NAMES = List.of("libchdb.so", "libchdb.dylib");
    private static final Map<String, String> PACKAGES = Map.of(
            "linux-x64", "@chdb/lib-linux-x64-gnu",
            "linux-arm64", "@chdb/lib-linux-arm64-gnu",
            "darwin-x64", "@chdb/lib-darwin-x64",
            "darwin-arm64", "@chdb/lib-darwin-arm64");
    private static final int TAIL_LINES = 12;
    private static final ReentrantLock INSTALLATION = new ReentrantLock(); // a file lock does not exclude threads

    private final Path project;
    private final String platform;
    private final String npm;

    ClickHouseLibrary(Path root, String platform, String npm) {
        this.project = root.resolve(PROJECT);
        this.platform = platform;
        this.npm = npm;
    }

    /**
     * The library's file, after an installation by {@code npm ci} if it is not there yet.
     *
     * @param progress receives one line after another while npm runs, which may take minutes; nothing otherwise
     * @throws ClickHouseLibraryException if there is no library for this platform, the distribution's root is not
     *     found, or npm is absent or fails
     */
    public static Path locate(Consumer<String> progress) {
        String named = System.getenv(LIBRARY_VARIABLE);
        if (named != null && !named.isEmpty()) {
            return requireFile(Path.of(named), "the library named by " + LIBRARY_VARIABLE);
        }
        return new ClickHouseLibrary(
                        root(), platform(System.getProperty("os.name"), System.getProperty("os.arch")), "npm")
                .installed(progress);
    }

    /** The library of {@link #locate}, if it is there without an installation. */
    public static Optional<Path> findInstalled() {
        String named = System.getenv(LIBRARY_VARIABLE);
        if (named != null && !named.isEmpty()) {
            return Optional.of(requireFile(Path.of(named), "the library named by " + LIBRARY_VARIABLE));
        }
        String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        String packageName = PACKAGES.get(platform);
        if (packageName == null) {
            return Optional.empty();
        }
        return configuredRoot().flatMap(root -> new ClickHouseLibrary(root, platform, "npm").find(packageName));
    }

    static Path requireFile(Path file, String what) {
        if (!Files.isRegularFile(file)) {
            throw new ClickHouseLibraryException("%s is not a file: %s".formatted(what, file));
        }
        return file.toAbsolutePath();
    }

    /** Node's names for operating system and processor, such as {@code linux-x64}. */
    static String platform(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : osName.toLowerCase(Locale.ROOT);
        String processor = switch (osArch) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            default -> osArch;
        };
        return os + "-" + processor;
    }

    static Collection<String> packageNames() {
        return PACKAGES.values();
    }

    Path installed(Consumer<String> progress) {
        String packageName = PACKAGES.get(platform);
        if (packageName == null) {
            throw new ClickHouseLibraryException(
                    "there is no ClickHouse engine for %s, only for %s: put a clickhouse binary on the PATH, use a ClickHouse server of your own, or name a library file by %s"
                            .formatted(
                                    platform,
                                    PACKAGES.keySet().stream().sorted().toList(),
                                    LIBRARY_VARIABLE));
        }
        return find(packageName).orElseGet(() -> install(packageName, progress));
    }

    private static Optional<Path> configuredRoot() {
        String configured = System.getProperty(ROOT_PROPERTY, System.getenv(ROOT_VARIABLE));
        if (configured != null && !configured.isEmpty()) {
            return Optional.of(Path.of(configured).toAbsolutePath());
        }
        return rootAbove(Path.of("").toAbsolutePath());
    }

    private static Path root() {
        return configuredRoot()
                .orElseThrow(() -> new ClickHouseLibraryException(
                        "no directory above %s contains %s: set %s to the root of the Sluice distribution, or name a library file by %s"
                                .formatted(
                                        Path.of("").toAbsolutePath(),
                                        PROJECT.resolve("package.json"),
                                        ROOT_VARIABLE,
                                        LIBRARY_VARIABLE)));
    }

    static Optional<Path> rootAbove(Path start) {
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve(PROJECT).resolve("package.json"))) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    /** The library of the pinned version, if its installation was completed. */
    private Optional<Path> find(String packageName) {
        Path modules = project.resolve("node_modules");
        // npm writes this file last: without it, an installation is under way or was broken off
        if (Files.notExists(modules.resolve(".package-lock.json"))) {
            return Optional.empty();
        }
        Path installed = modules.resolve(packageName);
        String version = versionIn(installed.resolve("package.json"), "version");
        if (version == null || !version.equals(versionIn(project.resolve("package.json"), packageName))) {
            return Optional.empty();
        }
        return FILE_NAMES.stream()
                .map(installed::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static @Nullable String versionIn(Path packageJson, String key) {
        if (Files.notExists(packageJson)) {
            return null;
        }
        try {
            var matcher = Pattern.compile("\"" + Pattern.quote(key) + "\"\\s*:\\s*\"([^\"]+)\"")
                    .matcher(Files.readString(packageJson));
            return matcher.find() ? matcher.group(1) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + packageJson, e);
        }
    }

    private Path install(String packageName, Consumer<String> progress) {
        requireFile(project.resolve("package-lock.json"), "the list of ClickHouse engines");
        INSTALLATION.lock();
        try (var channel = FileChannel.open(
                        project.resolve(".install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            Optional<Path> installedMeanwhile = find(packageName);
            if (lock.isValid() && installedMeanwhile.isPresent()) {
                return installedMeanwhile.get();
            }
            progress.accept("installing %s into %s (about 180 MB unless npm's cache has it)"
                    .formatted(packageName, project.resolve("node_modules")));
            runNpm(progress);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot install the ClickHouse engine in " + project, e);
        } finally {
            INSTALLATION.unlock();
        }
        return find(packageName)
                .orElseThrow(() -> new ClickHouseLibraryException(
                        "npm ended well but did not install %s: this system is not one that the package supports (it needs glibc), or optional packages are switched off; name a library file by %s"
                                .formatted(packageName, LIBRARY_VARIABLE)));
    }

    private void runNpm(Consumer<String> progress) throws IOException {
        Process process = startNpm();
        var tail = new ArrayDeque<String>();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            process.getOutputStream().close();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                progress.accept(line);
                tail.addLast(line);
                if (tail.size() > TAIL_LINES) {
                    tail.removeFirst();
                }
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new ClickHouseLibraryException(
                        "npm could not install the ClickHouse engine (exit code %d): check the connection to npm's registry and run 'npm ci --prefix %s', or name a library file by %s. npm said: %s"
                                .formatted(code, project, LIBRARY_VARIABLE, String.join("\n", tail)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseLibraryException("interrupted while npm installed the ClickHouse engine", e);
        } finally {
            process.destroy();
        }
    }

    private Process startNpm() {
        try {
            return new ProcessBuilder(
                            npm,
                            "ci",
                            "--prefix",
                            project.toString(),
                            "--prefer-offline",
                            "--no-audit",
                            "--no-fund",
                            "--ignore-scripts",
                            "--include=optional")
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new ClickHouseLibraryException(
                    "npm is needed once to install the ClickHouse engine and cannot be run: install Node.js 18 or later, put a clickhouse binary on the PATH, or name a library file by "
                            + LIBRARY_VARIABLE,
                    e);
        }
    }
}
