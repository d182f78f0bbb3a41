package dev.sluice.standalone;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the newest known state of each job on another Flink is, kept in the data directory: that Flink may forget its jobs,
 * and their checkpoints remain.
 */
final class RememberedSnapshots {
    private static final String PATH = ".path";
    private static final String TAKEN_AT = ".taken-at";

    private final Path file;
    private final Properties values = new Properties();

    /**
     * Reads what is remembered.
     *
     * @param data the data directory
     */
    RememberedSnapshots(Path data) {
        file = data.resolve("flink-checkpoints.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                values.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the newest known state of a job. */
    synchronized Optional<FlinkRest.Snapshot> of(String job) {
        String path = values.getProperty(job + PATH);
        String takenAt = values.getProperty(job + TAKEN_AT);
        if (path == null || takenAt == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FlinkRest.Snapshot(path, Instant.parse(takenAt)));
        } catch (DateTimeParseException e) {
            throw new StartException(
                    "%s is damaged: delete it, and the jobs that Flink forgot start from the beginning".formatted(file),
                    e);
        }
    }

    /** Keeps in mind that a job has this state now. */
    synchronized void remember(String job, FlinkRest.Snapshot snapshot) {
        if (!snapshot.path().equals(values.getProperty(job + PATH))) {
            values.setProperty(job + PATH, snapshot.path());
            values.setProperty(job + TAKEN_AT, snapshot.takenAt().toString());
            save();
        }
    }

    /** Forgets the state of a job: it goes on from none. */
    synchronized void forget(String job) {
        if (values.remove(job + PATH) != null) {
            values.remove(job + TAKEN_AT);
            save();
        }
    }

    private void save() {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (Writer writer = Files.newBufferedWriter(written)) {
                values.store(writer, "the newest state of the jobs on Flink that is known");
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
