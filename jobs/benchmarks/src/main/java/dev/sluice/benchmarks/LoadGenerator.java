package dev.sluice.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.benchmarks.Latencies.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over persistent connections, one thread each. A closed loop sends the next request when the last one is
 * answered and finds out how many can be answered. An open loop sends by the clock and counts each latency from the moment
 * at which the request was due, so that a server that stalls is charged for every request that had to wait.
 */
final class LoadGenerator {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final long GRACE_SECONDS = 60;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    private final int port;
    private final int connections;
    private final Exchange exchange;

    /**
     * Creates a generator.
     *
     * @param port where the server listens on 127.0.0.1
     * @param connections how many
     * @param exchange what is sent, and what answer is right
     */
    LoadGenerator(int port, int connections, Exchange exchange) {
        this.port = port;
        this.connections = connections;
        this.exchange = exchange;
    }

    /** Sends as much as is answered, for a while. */
    Load closed(Duration duration) throws InterruptedException {
        return run(duration, Long.MAX_VALUE, index -> System.nanoTime());
    }

    /**
     * Sends at a steady rate, for a while.
     *
     * @param rate requests in a second
     */
    Load open(double rate, Duration duration) throws InterruptedException {
        long begin = System.nanoTime();
        long count = (long) Math.ceil(rate * duration.toNanos() / NANOS_PER_SECOND);
        return run(duration.plusSeconds(GRACE_SECONDS), count, index -> {
            long due = begin + (long) (index * NANOS_PER_SECOND / rate);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            return due;
        });
    }

    /**
     * Sends at a steady rate, for a while, beside what else is done meanwhile.
     *
     * @param rate requests in a second
     */
    CompletableFuture<Load> openBeside(double rate, Duration duration) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return open(rate, duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
        });
    }

    private Load run(Duration duration, long count, Schedule schedule) throws InterruptedException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var next = new AtomicLong();
        long cpuBefore = system.getProcessCpuTime();
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Seen>> workers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                workers.add(threads.submit(() -> work(next, count, end, schedule)));
            }
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> worker : workers) {
                seen.add(worker.get(duration.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS));
            }
            long took = System.nanoTime() - begin;
            long cpu = system.getProcessCpuTime() - cpuBefore;
            return Load.of(seen, took, cpu);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load could not be sent", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the load was not answered in time", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Seen work(AtomicLong next, long count, long end, Schedule schedule) throws IOException {
        var samples = new Samples();
        long right = 0;
        long wrong = 0;
        @Nullable String lastProblem = null;
        try (var connection = new HttpConnection(port)) {
            for (long index = next.getAndIncrement(); index < count && System.nanoTime() - end < 0; ) {
                long due = schedule.await(index);
                @Nullable String problem = exchange.perform(connection, index);
                if (problem == null) {
                    right++;
                } else {
                    wrong++;
                    lastProblem = problem;
                }
                samples.add(System.nanoTime() - due);
                index = next.getAndIncrement();
            }
        }
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        return new Seen(samples, right, wrong, lastProblem, cpu);
    }

    /** One thing to do over a connection. */
    interface Exchange {
        /** Does the thing with a number and returns what was wrong with the answer; null if nothing was. */
        @Nullable
        String perform(HttpConnection connection, long index) throws IOException;
    }

    private interface Schedule {
        /** Returns, when it has come, the moment at which the request with a number is due. */
        long await(long index);
    }

    private record Seen(
            Samples samples,
            long right,
            long wrong,
            @Nullable String problem,
            long cpuNanos) {}

    /**
     * What came of it.
     *
     * @param requests that were answered, rightly or not
     * @param wrong those with a wrong answer
     * @param problem what was wrong with one of them; null if none was
     * @param perSecond right answers in a second
     * @param latencies of all
     * @param othersMicros CPU time that all other threads of this process took for each request, in microseconds
     */
    record Load(
            long requests,
            long wrong,
            @Nullable String problem,
            double perSecond,
            Latencies latencies,
            double othersMicros) {
        private static Load of(List<Seen> seen, long tookNanos, long processCpuNanos) {
            long right = seen.stream().mapToLong(Seen::right).sum();
            long wrong = seen.stream().mapToLong(Seen::wrong).sum();
            long own = seen.stream().mapToLong(Seen::cpuNanos).sum();
            return new Load(
                    right + wrong,
                    wrong,
                    seen.stream()
                            .map(Seen::problem)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null),
                    right * NANOS_PER_SECOND / tookNanos,
                    Latencies.of(seen.stream().map(Seen::samples).toList()),
                    (processCpuNanos - own) / NANOS_PER_MICRO / (right + wrong));
        }

        double p50Millis() {
            return latencies.percentileMillis(MEDIAN);
        }

        double p99Millis() {
            return latencies.percentileMillis(P99);
        }

        /** Returns the share of wrong answers. */
        double wrongShare() {
            return (double) wrong / requests;
        }

        /**
         * Returns itself if few answers were wrong; wrong ones are not counted as throughput.
         *
         * @param what was loaded
         * @param tolerated the greatest share of wrong answers
         * @throws IllegalStateException if there were more: then the figures mean nothing
         */
        Load requireRight(String what, double tolerated) {
            if (wrongShare() > tolerated) {
                throw new IllegalStateException(
                        what + ": " + wrong + " of " + requests + " answers were wrong, e.g. " + problem);
            }
            return this;
        }
    }
}
