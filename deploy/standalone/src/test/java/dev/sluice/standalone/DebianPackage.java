package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Debian package that a test needs. Where it is absent the test is skipped; with the environment variable
 * {@code SLUICE_NO_SKIPS}, as in CI, it fails.
 *
 * @param name as apt knows it
 */
record DebianPackage(String name) {
    /** Where Debian has servers, which is not on everybody's PATH. */
    private static final String SERVERS = "/usr/sbin";

    /** Returns the first program on the PATH that has one of these names. */
    Path program(String... names) {
        String folders = System.getenv("PATH") + File.pathSeparator + SERVERS;
        return require(Stream.of(names)
                .flatMap(
                        program -> Stream.of(folders.split(File.pathSeparator)).map(folder -> Path.of(folder, program)))
                .filter(Files::isExecutable)
                .findFirst());
    }

    /** Returns a file that is no program, and always in the same place. */
    Path file(String path) {
        return require(Optional.of(Path.of(path)).filter(Files::isReadable));
    }

    private Path require(Optional<Path> found) {
        if (System.getenv("SLUICE_NO_SKIPS") != null) {
            assertThat(found).as("the Debian package " + name).isPresent();
        }
        assumeTrue(found.isPresent(), "the Debian package " + name + " is not here");
        return found.orElseThrow();
    }
}
