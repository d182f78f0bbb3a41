package dev.sluice.standalone;

import dev.sluice.embedded.ClickHouseLibrary;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything, owned by this process while {@code sluice.pid} is locked. The system gives the
 * lock back however the process ends.
 */
final class DataDirectory implements AutoCloseable {
    private static final String ENDPOINTS = "endpoints.json";
    private static final String STATUS = "status.json";
    /** Directory of what was set aside. */
    static final String ASIDE = "before-rebuild";

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the directory, and creates it if it is absent.
     *
     * @throws StartException if another process has it, or it cannot be written
     */
    static DataDirectory take(Path path) {
        try {
            Files.createDirectories(path);
            Path file = path.resolve("sluice.pid");
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new StartException(
                        "Sluice already runs on %s (process %s). Stop it with `deploy/sluice down%s`, or choose another directory with --data."
                                .formatted(
                                        path,
                                        Files.readString(file).strip(),
                                        isDefault(path) ? "" : " --data " + path));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(false);
            var directory = new DataDirectory(path, channel);
            directory.forget();
            return directory;
        } catch (IOException e) {
            throw new StartException("the data directory %s cannot be used: %s".formatted(path, e), e);
        }
    }

    /** Whether a directory is the one that commands mean that name none. */
    private static boolean isDefault(Path path) {
        String root = System.getProperty(ClickHouseLibrary.ROOT_PROPERTY);
        return root != null
                && path.toAbsolutePath()
                        .normalize()
                        .equals(Path.of(root, ".data").toAbsolutePath().normalize());
    }

    Path path() {
        return path;
    }

    /** Returns a directory in it, which is created if it is absent. */
    Path directory(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a directory in it that is empty now. */
    Path emptyDirectory(String name) {
        deleteRecursively(path.resolve(name));
        return directory(name);
    }

    /** Moves a file or directory in it into {@link #ASIDE}, instead of what is there by that name; none moves nothing. */
    void setAside(String name) {
        if (Files.notExists(path.resolve(name))) {
            return;
        }
        Path aside = directory(ASIDE).resolve(name);
        deleteRecursively(aside);
        try {
            Files.move(path.resolve(name), aside);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a file or directory in it; none is fine. */
    void delete(String name) {
        deleteRecursively(path.resolve(name));
    }

    /** Returns what a file in it says; null where there is none. */
    @Nullable
    String text(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file in it, as a whole or not at all. */
    void write(String name, String text) {
        replace(name, text.getBytes(StandardCharsets.UTF_8));
    }

    void publish(Endpoints endpoints) {
        replace(ENDPOINTS, Json.bytes(endpoints));
    }

    void publish(PartStates states) {
        replace(STATUS, Json.bytes(states));
    }

    private void replace(String name, byte[] content) {
        Path next = path.resolve(name + ".next");
        try {
            Files.write(next, content);
            Files.move(next, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget() throws IOException {
        Files.deleteIfExists(path.resolve(ENDPOINTS));
        Files.deleteIfExists(path.resolve(STATUS));
    }

    /** Takes back what it said about itself and gives the directory to others. */
    @Override
    public void close() {
        try {
            forget();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteRecursively(Path directory) {
        if (Files.notExists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
