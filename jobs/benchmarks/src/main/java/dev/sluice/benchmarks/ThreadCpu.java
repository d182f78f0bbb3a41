package dev.sluice.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.stream.LongStream;

/** The share of a core that one thread of this process takes, between two moments. */
final class ThreadCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long thread;
    private long cpuNanos;
    private long atNanos;

    /**
     * Begins to count.
     *
     * @param name of the thread
     */
    ThreadCpu(String name) {
        thread = LongStream.of(THREADS.getAllThreadIds())
                .filter(id -> isCalled(THREADS.getThreadInfo(id), name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no thread " + name));
        restart();
    }

    private static boolean isCalled(ThreadInfo thread, String name) {
        return thread != null && thread.getThreadName().equals(name);
    }

    /** Counts from now on. */
    void restart() {
        cpuNanos = THREADS.getThreadCpuTime(thread);
        atNanos = System.nanoTime();
    }

    /** Returns the share since then. */
    double share() {
        return (double) (THREADS.getThreadCpuTime(thread) - cpuNanos) / (System.nanoTime() - atNanos);
    }
}
