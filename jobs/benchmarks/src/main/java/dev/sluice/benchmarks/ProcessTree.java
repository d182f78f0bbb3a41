package dev.sluice.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What a process and all that it has started take, as Linux tells it in {@code /proc}. */
final class ProcessTree {
    private static final long KIBIBYTE = 1024;
    private static final String RESIDENT = "VmRSS:";

    private final ProcessHandle root;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /** Returns the resident memory of all, in bytes; pages that they share count for each. */
    long residentBytes() {
        return all().stream().mapToLong(ProcessTree::residentBytes).sum();
    }

    /** Returns the CPU time that all have taken so far. */
    Duration cpu() {
        return all().stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    int count() {
        return all().size();
    }

    private List<ProcessHandle> all() {
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    private static long residentBytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> kibibytes(line) * KIBIBYTE)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("resident memory is known on Linux only", e);
        }
    }

    /** Returns the number of a line such as {@code VmRSS:     1234 kB}. */
    static long kibibytes(String line) {
        String number = line.substring(RESIDENT.length()).replace("kB", "").strip();
        return Long.parseLong(number);
    }
}
