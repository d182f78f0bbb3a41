package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A standalone Sluice in a process of its own, as users run it, on the class path of the test. */
public final class SluiceProcess implements AutoCloseable {
    private static final String LIBRARY = "SLUICE_CHDB_LIBRARY";
    private static final List<String> JOBS = List.of("ingest", "dora", "canary", "rollback", "store");
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Process process;
    private final Path data;
    private final Path output;

    private SluiceProcess(Process process, Path data, Path output) {
        this.process = process;
        this.data = data;
        this.output = output;
    }

    /** Launches Sluice on a data directory; returns at once. */
    public static SluiceProcess launch(Path data, int port) throws IOException {
        return launch(data, port, Map.of());
    }

    /** Launches Sluice with further environment variables; returns at once. */
    public static SluiceProcess launch(Path data, int port, Map<String, String> environment) throws IOException {
        return launch(data, port, environment, List.of());
    }

    /** Launches Sluice with further options; returns at once. */
    static SluiceProcess launch(Path data, int port, Map<String, String> environment, List<String> options)
            throws IOException {
        Files.createDirectories(data.resolve("tmp"));
        Path output = Files.createTempFile(data, "output", ".txt");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dsluice.root=" + System.getProperty("sluice.root", ""),
                "-Djava.io.tmpdir=" + data.resolve("tmp"),
                "-cp",
                classPath(),
                Main.class.getName(),
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(options);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // what this shell happens to have is not for the test
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") && !name.equals(LIBRARY));
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new SluiceProcess(process, data, output);
    }

    /** The class path of the test, without the SLF4J provider and the Flink web server of tests. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(all)
                .filter(entry -> !entry.contains("slf4j-simple") && !entry.contains("flink-runtime-web"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits until it is ready. */
    public SluiceProcess awaitReady() {
        await("Sluice is ready", START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("Sluice ended with " + process.exitValue() + ":\n" + output());
            }
            return Files.exists(data.resolve("endpoints.json"))
                    && endpoints().path("pid").asLong() == process.pid();
        });
        return this;
    }

    /** Waits until each job has so many complete checkpoints on disk: then a killed process goes on from one. */
    public void awaitCheckpoints(int count) {
        for (String job : JOBS) {
            var checkpoints = new Checkpoints(data.resolve("checkpoints").resolve(job));
            await(
                    count + " checkpoints of " + job,
                    START_LIMIT,
                    () -> checkpoints.newestFirst().size() >= count);
        }
    }

    /** Returns what {@code endpoints.json} says. */
    public JsonNode endpoints() {
        try {
            return Json.mapper().readTree(Files.readAllBytes(data.resolve("endpoints.json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns where the gate API is. */
    public URI url() {
        return URI.create(endpoints().path("url").asText());
    }

    /** Returns the answer of ClickHouse to a query, as TSV. */
    public String sql(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        endpoints().path("clickhouse").asText() + "/"))
                                .POST(HttpRequest.BodyPublishers.ofString(query))
                                .build(),
                        BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(query + "\n" + answer.body());
        }
        return answer.body();
    }

    /** Returns everything that it has printed. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the processes that it has started. */
    public List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** Asks it to stop, as {@code kill} does, and returns its exit status. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    /** Returns its exit status when it has ended. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Sluice has not ended:\n" + output());
        }
        return process.exitValue();
    }

    /** Waits until something is so. */
    public static void await(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            awaitExit();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
