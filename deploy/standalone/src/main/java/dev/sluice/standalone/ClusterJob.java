package dev.sluice.standalone;

import dev.sluice.streams.RunParameters;
import dev.sluice.wire.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A job to run on a cluster that is not ours.
 *
 * @param name its name
 * @param jar everything that it needs besides Flink
 * @param main the class of its {@code main}
 * @param parallelism in how many parts it works, and how many slots it takes
 * @param settings what its {@code main} is told, by name
 */
record ClusterJob(String name, Path jar, String main, int parallelism, Map<String, String> settings) {
    ClusterJob {
        settings = Map.copyOf(settings);
    }

    /**
     * Finds the jar of a job where the build leaves it.
     *
     * @param root the checkout
     * @param name the job's name
     * @throws StartException if it is not there
     */
    static Path jar(Path root, String name) {
        Path target = root.resolve("jobs").resolve(name + "-job").resolve("target");
        String pattern = "sluice-" + name + "-job-.*-job\\.jar";
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .max(Comparator.comparing(ClusterJob::modified))
                    .orElseThrow(() -> new StartException(
                            "the jar of the job %s for Flink is not in %s: build it with `deploy/sluice build`"
                                    .formatted(name, target)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what its {@code main} is given. */
    List<String> arguments() {
        return new TreeMap<>(settings)
                .entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList();
    }

    /** Returns a digest of the jar: another one means another job, as other settings do. */
    String jarDigest() {
        try {
            return Sha256.hex(Files.readAllBytes(jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a digest of the settings, as a run itself tells it. */
    String settingsDigest() {
        return RunParameters.digest(settings);
    }
}
