package dev.sluice.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The checkpoints of one job on disk: {@code <run>/chk-<n>}. Each start of the job is a run of its own. A checkpoint is
 * complete when its {@code _metadata} is there, which is written last.
 *
 * @param directory holds one directory for each run
 */
record Checkpoints(Path directory) {
    private static final String METADATA = "_metadata";
    private static final int ENOUGH = 2;

    /** Returns the complete ones, the newest first. */
    List<Path> newestFirst() {
        record Complete(Path path, FileTime at) {}
        var complete = new ArrayList<Complete>();
        for (Path run : children(directory)) {
            for (Path checkpoint : completeOf(run)) {
                complete.add(new Complete(checkpoint, modified(checkpoint.resolve(METADATA))));
            }
        }
        complete.sort(Comparator.comparing(Complete::at)
                .thenComparing(each -> number(each.path()))
                .reversed());
        return complete.stream().map(Complete::path).toList();
    }

    /** Deletes the runs before the given one, once that has enough of its own; returns whether it has. */
    boolean pruneBefore(String run) {
        if (completeOf(directory.resolve(run)).size() < ENOUGH) {
            return false;
        }
        for (Path other : children(directory)) {
            if (!other.getFileName().toString().equals(run)) {
                DataDirectory.deleteRecursively(other);
            }
        }
        return true;
    }

    /** Returns when a checkpoint was completed. */
    static FileTime completedAt(Path checkpoint) {
        return modified(checkpoint.resolve(METADATA));
    }

    private static List<Path> completeOf(Path run) {
        return children(run).stream()
                .filter(path -> path.getFileName().toString().matches("chk-\\d+"))
                .filter(path -> Files.isRegularFile(path.resolve(METADATA)))
                .toList();
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
