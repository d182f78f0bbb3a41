package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

/** What {@code status} and {@code down} say where nobody names a directory. */
class DataOptionTest {
    private final String before = System.getProperty(SystemProperties.ROOT, "");

    @TempDir
    private Path root;

    private Path demo = Path.of("");

    @BeforeEach
    void make() throws IOException {
        System.setProperty(SystemProperties.ROOT, root.toString());
        demo = Files.createDirectories(root.resolve(".data").resolve("demo"));
    }

    @AfterEach
    void restore() {
        System.setProperty(SystemProperties.ROOT, before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "down"})
    void runningDemo_isPointedAt(String command) throws IOException, URISyntaxException {
        String hint = "The demo runs: deploy/sluice " + command + " --data " + demo;
        try (var other = OtherProcess.on(demo)) {
            assertThat(other.pid()).isPositive();
            assertThat(Run.of(command).out()).contains("Sluice does not run").contains(hint);
            assertThat(Run.of(Map.of("SLUICE_DATA", root.toString()), Ansi.OFF, command)
                            .out())
                    .doesNotContain("The demo");
            assertThat(Run.of(command, "--data", root.toString()).out()).doesNotContain("The demo");
        }
    }

    @Test
    void withoutADemo_nothingIsSaidOfIt() {
        assertThat(Run.of("status").out()).contains("Sluice does not run").doesNotContain("The demo");
    }
}
