package dev.sluice.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which installation on this machine is meant. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory of `sluice up` (default: .data in the checkout).")
    private @Nullable Path data;

    DataDirectory directory() {
        if (data != null) {
            return new DataDirectory(data);
        }
        return new DataDirectory(Path.of(System.getProperty(SystemProperties.ROOT, ""), ".data"));
    }
}
