package dev.sluice.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which installation on this machine is meant. */
final class DataOption {
    private static final String DATA = "SLUICE_DATA";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The data directory of `sluice up` (default: environment variable SLUICE_DATA, else .data in the checkout).")
    private @Nullable Path data;

    /** Whether the command line says which. */
    boolean isGiven() {
        return data != null;
    }

    /** Returns the directory that the command line says, else the environment, else that of the checkout. */
    DataDirectory directory(Console console) {
        if (data != null) {
            return new DataDirectory(data);
        }
        return new DataDirectory(console.variable(DATA)
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty(SystemProperties.ROOT, ""), ".data")));
    }
}
