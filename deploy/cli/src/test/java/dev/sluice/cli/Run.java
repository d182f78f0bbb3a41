package dev.sluice.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * A command that was run.
 *
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Run(int status, String out, String err) {
    static Run of(String... args) {
        return of(Map.of(), Ansi.OFF, args);
    }

    static Run of(Map<String, String> environment, Ansi ansi, String... args) {
        return on(null, environment, ansi, args);
    }

    /**
     * Runs a command.
     *
     * @param terminal what its output is; null for a file
     */
    static Run on(@Nullable Terminal terminal, Map<String, String> environment, Ansi ansi, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                ansi,
                false,
                terminal);
        int status = Main.run(console, args);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
