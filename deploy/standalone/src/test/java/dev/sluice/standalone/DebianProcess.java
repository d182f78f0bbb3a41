package dev.sluice.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of a {@link DebianPackage} that runs beside a test. What it prints is kept, and shown when it ends too early. */
final class DebianProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final int SHOWN_LINES = 30;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final Process process;
    private final Path log;

    private DebianProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Launches a program in a directory, where what it prints goes to {@code NAME.log}; returns at once. */
    static DebianProcess launch(Path directory, String name, List<String> command) throws IOException {
        Path log = directory.resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new DebianProcess(name, process, log);
    }

    /** Waits until a page of it is there. */
    void awaitReady(URI page) {
        SluiceProcess.await(name + " is ready", LIMIT, () -> {
            requireAlive();
            return isThere(page);
        });
    }

    /**
     * Returns normally while it runs.
     *
     * @throws AssertionError with the end of its log if it has ended
     */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("%s ended with %d; %s:\n%s".formatted(name, process.exitValue(), log, endOfLog()));
        }
    }

    private static boolean isThere(URI page) {
        try {
            int status = HTTP.send(HttpRequest.newBuilder(page).timeout(LIMIT).build(), BodyHandlers.discarding())
                    .statusCode();
            return status / 100 == 2;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String endOfLog() {
        try {
            // a program cut off may leave half a character
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
