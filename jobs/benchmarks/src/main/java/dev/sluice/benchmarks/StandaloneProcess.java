package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Sluice as {@code deploy/sluice up} runs it: with the options of Java that the launcher gives. */
final class StandaloneProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final long STOP_LIMIT_SECONDS = 30;
    private static final String MAIN = "dev.sluice.standalone.Main";
    /** What stands before the options in the launcher. */
    private static final String OPTIONS = "write_arguments \"$standalone\"";

    private static final Pattern WORDS = Pattern.compile("\\s+");

    private final Process process;
    private final Path data;
    private final Path output;
    private final long started = System.nanoTime();

    private StandaloneProcess(Process process, Path data, Path output) {
        this.process = process;
        this.data = data;
        this.output = output;
    }

    /** Starts it on an empty data directory; returns at once. */
    static StandaloneProcess start(Path root, Path data) throws IOException {
        Path temporary = Files.createDirectories(data.resolve("tmp"));
        Path output = data.resolve("output.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options(Files.readString(root.resolve("deploy/sluice"))));
        command.add("-Dsluice.root=" + root);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(MAIN, "--data", data.toString(), "--port", "0"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new StandaloneProcess(process, data, output);
    }

    /**
     * Returns the options of Java that the launcher gives to Sluice.
     *
     * @param launcher its text
     * @throws IllegalArgumentException if they are not found
     */
    static List<String> options(String launcher) {
        int call = launcher.indexOf(OPTIONS);
        if (call < 0) {
            throw new IllegalArgumentException("the launcher does not say " + OPTIONS);
        }
        String rest = launcher.substring(call + OPTIONS.length()).replace("\\\n", " ");
        int end = rest.indexOf('\n');
        List<String> options = Stream.of(WORDS.split((end < 0 ? rest : rest.substring(0, end)).strip()))
                .toList();
        if (options.stream().noneMatch(option -> option.startsWith("-Xmx"))
                || options.stream().anyMatch(option -> !option.startsWith("-"))) {
            throw new IllegalArgumentException("not only options, or without a heap size: " + options);
        }
        return options;
    }

    /** Waits until it is ready and returns how long that has taken. */
    Duration awaitReady() throws IOException {
        var waiting = new Deadline("Sluice is ready", START_LIMIT);
        Path endpoints = data.resolve("endpoints.json");
        while (!Files.exists(endpoints)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("Sluice has ended:\n" + Files.readString(output));
            }
            waiting.pause();
        }
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Returns the port of the gate API. */
    int port() throws IOException {
        JsonNode endpoints = Json.mapper().readTree(Files.readAllBytes(data.resolve("endpoints.json")));
        return URI.create(endpoints.path("url").asText()).getPort();
    }

    ProcessTree processes() {
        return new ProcessTree(process.toHandle());
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        boolean ended = false;
        try {
            ended = process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
