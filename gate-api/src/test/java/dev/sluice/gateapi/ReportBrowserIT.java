package dev.sluice.gateapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The report in a real browser: the Debian package {@code chromium}, without which this is skipped. Where the environment
 * variable {@code SLUICE_NO_SKIPS} is set, as in CI, its absence is a failure. With the system property
 * {@code sluice.report.pictures} the pictures go to that directory.
 */
class ReportBrowserIT {
    private static final Path SOURCES = Path.of("src", "test", "browser");
    private static final Path TOOLS = Path.of("target", "browser");
    private static final String LOCK = "package-lock.json";
    private static final int PHONE_WIDTH = 320;

    @TempDir
    static Path directory;

    private static ReportServer server;
    private static Path chromium;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> found = onPath("chromium");
        if (System.getenv("SLUICE_NO_SKIPS") != null) {
            assertThat(found).as("the Debian package chromium").isPresent();
        }
        assumeTrue(found.isPresent(), "the Debian package chromium is absent");
        chromium = found.orElseThrow();
        installTools();
        server = ReportServer.start(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Installs what the lock file names, unless it was installed before. */
    private static void installTools() throws Exception {
        Files.createDirectories(TOOLS);
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

    private static String run(List<String> command) throws IOException, InterruptedException {
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

    private static JsonNode look(String target, List<String> ways, boolean pictured) throws Exception {
        var command = new ArrayList<>(List.of(
                "node",
                "look.mjs",
                chromium.toString(),
                "http://127.0.0.1:" + server.api().port() + target,
                String.join(",", ways)));
        String pictures = System.getProperty("sluice.report.pictures");
        if (pictured && pictures != null) {
            command.add(Path.of(pictures).toAbsolutePath().toString());
        }
        return Json.mapper().readTree(run(command));
    }

    @Test
    void isAccessibleAndFitsScreensAndPaper() throws Exception {
        JsonNode seen =
                look("/reports/dora?service=checkout", List.of("light", "dark", "phone", "scriptless", "paper"), true);

        for (String how : List.of("light", "dark", "phone", "scriptless")) {
            JsonNode page = seen.path(how);
            assertThat(page.path("status").intValue()).as(how).isEqualTo(200);
            assertThat(page.path("complaints")).as(how).isEmpty();
            assertThat(page.path("heading").asText()).isEqualTo("Delivery report: service checkout");
            assertThat(page.path("articles").intValue()).as(how).isEqualTo(8);
            assertThat(page.path("drawings").intValue()).as(how).isEqualTo(8);
        }
        for (String how : List.of("light", "dark", "phone")) {
            assertThat(seen.path(how).path("violations")).as(how).isEmpty();
        }
        assertThat(seen.at("/light/background").asText()).isEqualTo("rgb(255, 255, 255)");
        assertThat(seen.at("/dark/background").asText()).isEqualTo("rgb(20, 23, 26)");
        assertThat(seen.at("/phone/page_width").intValue()).isEqualTo(PHONE_WIDTH);
        assertThat(seen.at("/phone/page_width_open").intValue()).isEqualTo(PHONE_WIDTH);
        assertThat(seen.at("/paper/pages").intValue()).isBetween(2, 4);
        assertThat(seen.at("/paper/definitions").intValue()).isEqualTo(8);
    }

    @Test
    void aScriptInANameIsText_andATableOfServicesFitsAPhone() throws Exception {
        JsonNode team = look("/reports/dora?team=payments", List.of("dark", "phone"), false);

        for (String how : List.of("dark", "phone")) {
            assertThat(team.path(how).path("complaints")).as(how).isEmpty();
            assertThat(team.path(how).path("scripts").intValue()).as(how).isZero();
            assertThat(team.path(how).path("violations")).as(how).isEmpty();
        }
        assertThat(team.at("/dark/row_heads").toString()).contains(ReportedHistory.HOSTILE);
        assertThat(team.at("/phone/page_width_open").intValue()).isEqualTo(PHONE_WIDTH);
    }
}
