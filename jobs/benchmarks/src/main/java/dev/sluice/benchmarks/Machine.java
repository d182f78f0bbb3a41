package dev.sluice.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * On what was measured.
 *
 * @param processor its model
 * @param cores how many processors the JVM may use
 * @param memoryGibibytes of the machine
 * @param system operating system and its version
 * @param jdk the JVM and its version
 * @param loadBefore the load average of the last minute when the run began: other work that took part in the result
 */
record Machine(String processor, int cores, long memoryGibibytes, String system, String jdk, double loadBefore) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";
    /** From here on other work is likely to be seen in the figures. */
    private static final double BUSY = 0.5;

    static Machine here() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                processorModel(),
                system.getAvailableProcessors(),
                Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
                system.getName() + " " + system.getVersion(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                Math.max(0, system.getSystemLoadAverage()));
    }

    boolean isBusy() {
        return loadBefore > BUSY;
    }

    private static String processorModel() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // not Linux
        }
    }
}
