package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Report.Result;
import dev.sluice.wire.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures what the budgets speak of: each measurement in a process of its own, one after the other. Prints a table, writes
 * {@code target/benchmarks.json} of this module, and after a full run of everything the results into
 * {@code docs/reference/performance.md}. Exit status: 1 if something could not be measured, 2 for wrong options; a missed
 * budget is a result, not a failure.
 */
final class Main {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String TARGET = "jobs/benchmarks/target";
    private static final String DOCUMENT = "docs/reference/performance.md";

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final Path root =
            Path.of(System.getProperty("sluice.root", "")).toAbsolutePath().normalize();

    private Main() {}

    /** Runs the measurements that the options name. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BenchmarkOptions options;
        try {
            options = BenchmarkOptions.of(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(BenchmarkOptions.USAGE);
            System.exit(USAGE);
            return;
        }
        // a measurement, or Sluice under it, must not outlive this process
        Runtime.getRuntime().addShutdownHook(new Thread(Main::endChildren, "end-children"));
        System.exit(new Main().run(options) ? 0 : FAILED);
    }

    private static void endChildren() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
    }

    private boolean run(BenchmarkOptions options) throws IOException, InterruptedException {
        Machine machine = Machine.here();
        if (machine.isBusy()) {
            out.println("The machine is busy (load " + machine.loadBefore() + "): quote no figure of this run.");
        }
        Revision revision = Revision.of(root, DOCUMENT);
        Instant begin = Instant.now();
        var results = new ArrayList<Result>();
        for (Measurement measurement : options.measurements()) {
            long started = System.nanoTime();
            out.println("measuring: " + measurement.title());
            results.add(measured(measurement, options));
            out.println("  " + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s");
        }
        long seconds = Duration.between(begin, Instant.now()).toSeconds();
        var report = new Report(begin, seconds, options.scale(), revision, machine, results);
        Path json = root.resolve(TARGET).resolve("benchmarks.json");
        Files.createDirectories(json.getParent());
        Files.write(json, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
        out.println();
        out.println(report.markdown());
        out.println("written: " + root.relativize(json));
        if (options.isWhole() && report.isComplete()) {
            Path document = root.resolve(DOCUMENT);
            Files.writeString(document, report.insertedInto(Files.readString(document)));
            out.println("written: " + root.relativize(document));
        }
        return report.isComplete();
    }

    private Result measured(Measurement measurement, BenchmarkOptions options)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("sluice-benchmark-");
        try {
            Path files = Files.createDirectory(directory.resolve("files"));
            Path result = directory.resolve("result.json");
            Path log = Files.createDirectories(root.resolve(TARGET).resolve("benchmarks"))
                    .resolve(measurement.wireName() + ".log");
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + measurement.heapMebibytes() + "m",
                            "-XX:-UsePerfData",
                            "--add-opens=java.base/java.util=ALL-UNNAMED",
                            "--add-opens=java.base/java.lang=ALL-UNNAMED",
                            "-Dsluice.root=" + root,
                            "-D" + VerdictMeasurement.KEYS_PROPERTY + "=" + options.keys(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            MeasurementMain.class.getName(),
                            measurement.wireName(),
                            options.scale().name(),
                            files.toString(),
                            result.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(Measurement.Procedure.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                        .toList();
                all.forEach(ProcessHandle::destroyForcibly);
                return Result.failed(
                        measurement, "not done within " + Measurement.Procedure.LIMIT.toMinutes() + " minutes");
            }
            if (process.exitValue() != 0 || !Files.exists(result)) {
                out.println(Files.readString(log));
                return Result.failed(measurement, "failed, see " + root.relativize(log));
            }
            return Json.read(Files.readAllBytes(result), Result.class);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
