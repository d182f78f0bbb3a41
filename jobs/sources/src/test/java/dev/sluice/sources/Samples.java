package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Tables of the samples of a source: in each line a file, a bar, and the outcome as {@link Summary} has it. */
public final class Samples {
    private Samples() {}

    /** Checks the samples that stand in the test resources. */
    public static void checkOwn(String folder, String table, Function<byte[], Outcome> adapter) throws IOException {
        check(
                Path.of(System.getProperty("sluice.root"), "jobs/sources/src/test/resources", folder),
                "",
                table,
                adapter);
    }

    /**
     * Checks the samples that stand outside of the repository; skipped where they are absent.
     *
     * @param folder the system's name among the samples
     * @param prefix what the names of the files begin with
     */
    public static void checkShared(String folder, String prefix, String table, Function<byte[], Outcome> adapter)
            throws IOException {
        Path samples = Deliveries.samples().resolve(folder);
        assumeTrue(Files.isDirectory(samples), "the shared samples of " + folder + " are absent");
        check(samples, prefix, table, adapter);
    }

    private static void check(Path folder, String prefix, String table, Function<byte[], Outcome> adapter)
            throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        table.lines()
                .map(line -> line.split("\\|", 2))
                .forEach(cells -> expected.put(cells[0].strip(), cells[1].strip()));
        Map<String, String> actual = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && !name.endsWith(".txt")) {
                    actual.put(name, Summary.of(adapter.apply(Files.readAllBytes(file))));
                }
            }
        }
        assertThat(actual).isEqualTo(expected);
    }
}
