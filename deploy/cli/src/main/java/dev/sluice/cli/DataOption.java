package dev.sluice.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which installation on this machine is meant. */
final class DataOption {
    private static final String DATA = "SLUICE_DATA";
    private static final String DEFAULT = ".data";
    private static final String DEMO = "demo";

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
        return new DataDirectory(console.variable(DATA).map(Path::of).orElseGet(DataOption::ofCheckout));
    }

    /**
     * Returns what to say where nothing runs on the directory that nobody named, but the demo does on its own.
     *
     * @param command the command that was asked for
     */
    Optional<String> demoHint(Console console, String command) {
        if (data != null || console.variable(DATA).isPresent()) {
            return Optional.empty();
        }
        Path demo = ofCheckout().resolve(DEMO).toAbsolutePath().normalize();
        if (new DataDirectory(demo).runningPid().isEmpty()) {
            return Optional.empty();
        }
        Path here = Path.of("").toAbsolutePath().normalize();
        return Optional.of("The demo runs: deploy/sluice %s --data %s"
                .formatted(command, demo.startsWith(here) ? here.relativize(demo) : demo));
    }

    private static Path ofCheckout() {
        return Path.of(System.getProperty(SystemProperties.ROOT, ""), DEFAULT);
    }
}
