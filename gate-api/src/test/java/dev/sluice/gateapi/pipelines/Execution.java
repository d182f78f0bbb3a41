package dev.sluice.gateapi.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A program that has ended.
 *
 * @param status its exit status
 * @param out the lines of its standard output
 * @param err what it wrote to standard error
 */
public record Execution(int status, List<String> out, String err) {
    private static final int LIMIT_SECONDS = 60;

    /** Copies the lines. */
    public Execution {
        out = List.copyOf(out);
    }

    /** Returns the shells that the script is held to. */
    public static Stream<String> shells() {
        return Stream.of("dash", "bash");
    }

    /** Skips the test where this machine lacks a program. */
    public static void assumeInstalled(String program) {
        boolean isThere = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!isThere && System.getenv("SLUICE_NO_SKIPS") != null) {
            throw new AssertionError(program + " is not installed, and no test may be skipped");
        }
        assumeThat(isThere).as(program + " is installed").isTrue();
    }

    /**
     * Runs a program with nothing in its environment but these variables and where programs are.
     *
     * @param folder where it runs
     * @param environment its variables
     * @param command the program and its arguments
     */
    public static Execution of(Path folder, Map<String, String> environment, String... command) {
        return of(folder, environment, line -> {}, command);
    }

    /**
     * The same, and hears what it writes.
     *
     * @param line takes each line of its standard output when it is written
     */
    public static Execution of(Path folder, Map<String, String> environment, Consumer<String> line, String... command) {
        try {
            Path err = Files.createTempFile(folder, "err", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().put("PATH", System.getenv("PATH"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            var out = new ArrayList<String>();
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                for (String next = reader.readLine(); next != null; next = reader.readLine()) {
                    out.add(next);
                    line.accept(next);
                }
            }
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as(String.join(" ", command) + " ends")
                    .isTrue();
            return new Execution(process.exitValue(), out, Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Returns all that it wrote. */
    public String text() {
        return String.join("\n", out) + "\n" + err;
    }
}
