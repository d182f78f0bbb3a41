package dev.sluice.gateapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real browser that looks at pages: the Debian package {@code chromium}, without which a test is skipped. Where the environment
 * variable {@code SLUICE_NO_SKIPS} is set, as in CI, its absence is a failure. With the system property
 * {@code sluice.report.pictures} the pictures go to that directory.
 */
public final class Browser {
    private static final Path SOURCES = Path.of("src", "test", "browser");
    private static final Path TOOLS = Path.of("target", "browser");
    private static final String LOCK = "package-lock.json";

    private final Path chromium;
    private final Path directory;

    private Browser(Path chromium, Path directory) {
        this.chromium = chromium;
        this.directory = directory;
    }

    /**
     * Finds the browser; skips the test where there is none.
     *
     * @param directory for what is printed
     */
    public static synchronized Browser find(Path directory) throws IOException, InterruptedException {
        Optional<Path> found = onPath("chromium");
        if (System.getenv("SLUICE_NO_SKIPS") != null) {
            assertThat(found).as("the Debian package chromium").isPresent();
        }
        assumeTrue(found.isPresent(), "the Debian package chromium is absent");
        var browser = new Browser(found.orElseThrow(), directory);
        browser.installTools();
        return browser;
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Installs what the lock file names, unless it was installed before; tests may do so at once in several processes. */
    private void installTools() throws IOException, InterruptedException {
        Files.createDirectories(TOOLS);
        try (FileChannel channel = FileChannel.open(TOOLS.resolve("lock"), CREATE, WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            boolean installed = Files.exists(TOOLS.resolve("installed.json"))
                    && Files.mismatch(TOOLS.resolve("installed.json"), SOURCES.resolve(LOCK)) < 0;
            for (String file : List.of("package.json", LOCK, "look.mjs")) {
                Files.copy(SOURCES.resolve(file), TOOLS.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!installed) {
                run(List.of("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"));
                Files.copy(SOURCES.resolve(LOCK), TOOLS.resolve("installed.json"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(TOOLS.toFile())
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", command, Files.readString(errors))
                .isZero();
        return output;
    }

    /**
     * Looks at a page.
     *
     * @param url where it is
     * @param ways how: see look.mjs
     * @param name of the pictures, where they are wanted; nothing for none
     * @return what there is to see, by way
     */
    public JsonNode look(String url, List<String> ways, Optional<String> name)
            throws IOException, InterruptedException {
        return look(url, ways, name, List.of());
    }

    /**
     * Looks at a page as somebody in particular, or does something there.
     *
     * @param url where it is
     * @param ways how: see look.mjs
     * @param name of the pictures, where they are wanted; nothing for none
     * @param flags {@code --cookie=} and {@code --steps=}: see look.mjs
     * @return what there is to see, by way
     */
    public JsonNode look(String url, List<String> ways, Optional<String> name, List<String> flags)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("node", "look.mjs", chromium.toString(), url, String.join(",", ways)));
        command.addAll(flags);
        String pictures = System.getProperty("sluice.report.pictures");
        if (name.isPresent() && pictures != null) {
            command.add(Path.of(pictures).toAbsolutePath().resolve(name.get()).toString());
        }
        return Json.mapper().readTree(run(command));
    }
}
