package dev.sluice.standalone;

import dev.sluice.embedded.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A Flink cluster as people run it: a job manager and a task manager in processes of their own, with Flink on their class
 * path and nothing of Sluice.
 */
final class FlinkProcesses implements AutoCloseable {
    static final int SLOTS = 5;

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    /** What a distribution of Flink has, the connectors of the jobs not being among it. */
    private static final Pattern FLINK = Pattern.compile(
            "(?!flink-connector-(base|kafka))(flink|commons|kryo|minlog|reflectasm|objenesis|javassist|jsr305|slf4j-api|logback|lz4-java"
                    + "|snappy-java|zstd-jni|asm|RoaringBitmap|frocksdbjni|async-profiler|snakeyaml-engine)-?.*\\.jar");

    private final List<Process> processes = new ArrayList<>();
    private final Path directory;
    private final int restPort = FreePorts.pick();

    private FlinkProcesses(Path directory) {
        this.directory = directory;
    }

    /** Starts a cluster that keeps everything in a directory, and returns when its slots are there. */
    static FlinkProcesses start(Path directory) throws IOException {
        var cluster = new FlinkProcesses(directory);
        Files.createDirectories(directory.resolve("tmp"));
        Files.writeString(directory.resolve("config.yaml"), cluster.configuration());
        cluster.launch(
                "jobmanager",
                List.of("-Xmx512m", "-XX:MaxMetaspaceSize=256m"),
                StandaloneSessionClusterEntrypoint.class,
                "--executionMode",
                "cluster");
        cluster.launch(
                "taskmanager",
                List.of("-Xmx512m", "-XX:MaxDirectMemorySize=320m", "-XX:MaxMetaspaceSize=256m"),
                TaskManagerRunner.class);
        boolean started = false;
        try {
            SluiceProcess.await("Flink has its slots", LIMIT, cluster::hasSlots);
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + restPort);
    }

    FlinkRest rest() {
        return new FlinkRest(url());
    }

    /** Returns whether its processes live. */
    boolean isAlive() {
        return processes.stream().allMatch(Process::isAlive);
    }

    private boolean hasSlots() {
        if (!isAlive()) {
            throw new AssertionError("Flink has ended:\n" + output());
        }
        try {
            return rest().overview().freeSlots() == SLOTS;
        } catch (FlinkRestException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns what its processes have printed. */
    String output() {
        try {
            return Files.readString(directory.resolve("jobmanager.txt"))
                    + Files.readString(directory.resolve("taskmanager.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(String name, List<String> options, Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-Dlog.file=" + directory.resolve(name + ".log"),
                "-Djava.io.tmpdir=" + directory.resolve("tmp"),
                "-cp",
                classPath(),
                main.getName(),
                "--configDir",
                directory.toString()));
        command.addAll(List.of(arguments));
        Files.writeString(directory.resolve("logback.xml"), """
                <configuration>
                  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %-5level %logger{36} - %msg%n%ex</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="CONSOLE"/></root>
                </configuration>
                """);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".txt").toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("SLUICE_"));
        processes.add(builder.start());
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(all)
                .filter(entry ->
                        FLINK.matcher(Path.of(entry).getFileName().toString()).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Without Flink's own scripts every size must be said. */
    private String configuration() {
        return """
                jobmanager:
                  rpc: {address: 127.0.0.1, port: %d}
                  bind-host: 127.0.0.1
                  memory: {process: {size: 1024m}}
                blob: {server: {port: "%d"}}
                rest: {address: 127.0.0.1, bind-address: 127.0.0.1, port: %d, bind-port: "%d"}
                taskmanager:
                  bind-host: 127.0.0.1
                  host: 127.0.0.1
                  numberOfTaskSlots: %d
                  cpu: {cores: 1}
                  memory:
                    framework: {heap: {size: 128m}, off-heap: {size: 128m}}
                    jvm-metaspace: {size: 256m}
                    jvm-overhead: {min: 192m, max: 192m}
                    task: {heap: {size: 384m}, off-heap: {size: 64m}}
                    network: {min: 64m, max: 64m}
                    managed: {size: 4m}
                io: {tmp: {dirs: "%s"}}
                execution:
                  checkpointing: {dir: "%s", savepoint-dir: "%s"}
                """.formatted(
                        FreePorts.pick(),
                        FreePorts.pick(),
                        restPort,
                        restPort,
                        SLOTS,
                        directory.resolve("tmp"),
                        directory.resolve("checkpoints").toUri(),
                        directory.resolve("savepoints").toUri());
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            Process process = processes.get(i);
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
}
