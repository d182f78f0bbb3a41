package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/sluice} in a checkout where nothing is built, and nothing can be. */
class LauncherTest {
    @TempDir
    private Path checkout;

    private Path launcher = Path.of("");

    @BeforeEach
    void copy() throws IOException {
        Path deploy = Files.createDirectory(checkout.resolve("deploy"));
        launcher = Files.copy(
                Path.of(System.getProperty(SystemProperties.ROOT), "deploy", "sluice"), deploy.resolve("sluice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void help_isThatOfTheCommandLine(String word) throws IOException, InterruptedException {
        Run launched = launch(word);

        assertThat(launched.status()).as(launched.err()).isZero();
        assertThat(launched.out()).isEqualTo(Run.of("--help").out());
    }

    @Test
    void missingCommand_isToldAsByTheCommandLine() throws IOException, InterruptedException {
        Run launched = launch();

        assertThat(launched).isEqualTo(Run.of());
        assertThat(launched.status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void unknownCommand_isWrongUsage() throws IOException, InterruptedException {
        for (Run launched : List.of(launch("bogus"), launch("help", "bogus"))) {
            assertThat(launched.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(launched.out()).isEmpty();
            assertThat(launched.err())
                    .isEqualTo("There is no command bogus.\n" + Run.of("--help").out());
        }
        assertThat(launch("ga.e").err()).startsWith("There is no command ga.e.");
        assertThat(launch("--bogus").err()).startsWith("There is no option --bogus.");
    }

    @Test
    void wrongOptionOfUp_isToldBeforeABuild() throws IOException, InterruptedException {
        Run unknown = launch("up", "--prot", "1");

        assertThat(unknown.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(unknown.err()).contains("unknown option: --prot").contains("Usage: sluice up");
        assertThat(launch("up", "--port").err()).contains("--port needs a value");
        assertThat(launch("rebuild", "--prot", "1").err()).contains("unknown option: --prot");
        assertThat(launch("up", "--accept-loss").err()).contains("unknown option: --accept-loss");
        assertThat(launch("rebuild", "--accept-loss", "--prot").err())
                .contains("unknown option: --prot")
                .contains("Usage: sluice rebuild");
        assertThat(launch("rebuild", "--help").out()).startsWith("Usage: sluice rebuild");
        assertThat(checkout.resolve("deploy/standalone")).doesNotExist();
    }

    @Test
    void javaHomeThatNamesNothing_isTold() throws IOException, InterruptedException {
        Run launched = launch(Map.of("JAVA_HOME", "/nowhere"), "status");

        assertThat(launched.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(launched.err()).contains("JAVA_HOME is /nowhere, and there is no bin/java in it");
    }

    @Test
    void eachCommandOfTheList_isKnown() throws IOException, InterruptedException {
        for (String command : List.of("gate", "canary", "dora", "commits", "devlake", "status", "down")) {
            // known, and then it wants a Java
            assertThat(launch(Map.of("JAVA_HOME", "/nowhere"), command).err())
                    .as(command)
                    .contains("JAVA_HOME is /nowhere");
        }
    }

    private Run launch(String... arguments) throws IOException, InterruptedException {
        return launch(Map.of(), arguments);
    }

    private Run launch(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = checkout.resolve("out.txt");
        Path err = checkout.resolve("err.txt");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        return new Run(
                status, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
