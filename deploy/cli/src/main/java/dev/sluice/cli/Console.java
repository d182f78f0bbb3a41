package dev.sluice.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes and what surrounds it.
 *
 * @param out results only
 * @param err progress and problems
 * @param environment environment variables
 * @param ansi whether results are coloured
 * @param lively whether {@code err} is a terminal, on which progress may be redrawn
 * @param terminal the terminal that {@code out} is, on which results may be redrawn; null if it is none
 */
record Console(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Ansi ansi,
        boolean lively,
        @Nullable Terminal terminal) {
    Console {
        environment = Map.copyOf(environment);
    }

    /** Returns the same without colours. */
    Console plain() {
        return new Console(out, err, environment, Ansi.OFF, lively, terminal);
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Prints a line of progress. */
    void progress(String line) {
        err.println(line);
    }

    /**
     * Returns a text as the terminal shows it in a style.
     *
     * @param style picocli's names, e.g. {@code bold,green}
     * @param text our own words, never what others wrote: it may hold markup
     */
    String styled(String style, String text) {
        return ansi.string("@|" + style + " " + text + "|@");
    }
}
