package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * What a standalone Sluice writes about itself: {@code sluice.pid}, locked while it runs, {@code endpoints.json} once it
 * is ready, {@code status.json} about its parts.
 *
 * @param path the directory
 */
record DataDirectory(Path path) {
    DataDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** Returns the id of the process that runs on this directory. */
    OptionalLong runningPid() {
        Path file = path.resolve("sluice.pid");
        if (!Files.isRegularFile(file)) {
            return OptionalLong.empty();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                return OptionalLong.empty();
            }
            String pid = Files.readString(file).strip();
            return pid.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(pid)) : OptionalLong.empty();
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Returns where the running Sluice answers; a missing node while it is not ready. */
    JsonNode endpoints() {
        return read("endpoints.json");
    }

    /** Returns how its parts stand; a missing node when they were never started. */
    JsonNode status() {
        return read("status.json");
    }

    private JsonNode read(String name) {
        Path file = path.resolve(name);
        try {
            return Files.isRegularFile(file)
                    ? Documents.mapper().readTree(Files.readAllBytes(file))
                    : MissingNode.getInstance();
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
