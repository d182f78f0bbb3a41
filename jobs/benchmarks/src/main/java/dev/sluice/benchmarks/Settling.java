package dev.sluice.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits until this process does nothing more that was left over from a load, so that the next one does not pay for it. */
final class Settling {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final double QUIET = 0.25;

    private Settling() {}

    /** Waits until less than a quarter of a core is taken, or for ten seconds, and returns how long that was, in seconds. */
    static double await() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long begin = System.nanoTime();
        double share;
        do {
            long from = System.nanoTime();
            long cpu = system.getProcessCpuTime();
            LockSupport.parkNanos(LOOK.toNanos());
            share = (double) (system.getProcessCpuTime() - cpu) / (System.nanoTime() - from);
        } while (share > QUIET && System.nanoTime() - begin < LONGEST.toNanos());
        return (System.nanoTime() - begin) / 1e9;
    }
}
